import { pad } from "../cases/pad.js";
import { checkRows } from "../support/rows.js";

checkRows("pad", pad);
