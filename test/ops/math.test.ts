import { math } from "../cases/math.js";
import { checkRows } from "../support/rows.js";

checkRows("math", math);
