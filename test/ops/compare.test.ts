import { compare } from "../cases/compare.js";
import { checkRows } from "../support/rows.js";

checkRows("compare", compare);
