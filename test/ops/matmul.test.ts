import { matmul } from "../cases/matmul.js";
import { checkRows } from "../support/rows.js";

checkRows("matmul", matmul);
