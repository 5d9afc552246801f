import { embedding } from "../cases/embedding.js";
import { checkRows } from "../support/rows.js";

checkRows("embedding", embedding);
