import { factories } from "../cases/factories.js";
import { checkRows } from "../support/rows.js";

checkRows("factories", factories);
