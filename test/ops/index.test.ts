import { index } from "../cases/index.js";
import { checkRows } from "../support/rows.js";

checkRows("index", index);
