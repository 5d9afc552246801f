import { reduce } from "../cases/reduce.js";
import { checkRows } from "../support/rows.js";

checkRows("reduce", reduce);
