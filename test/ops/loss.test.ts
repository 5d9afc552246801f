import { loss } from "../cases/loss.js";
import { checkRows } from "../support/rows.js";

checkRows("loss", loss);
