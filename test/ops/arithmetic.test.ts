import { arithmetic } from "../cases/arithmetic.js";
import { checkRows } from "../support/rows.js";

checkRows("arithmetic", arithmetic);
