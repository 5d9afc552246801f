import { conv } from "../cases/conv.js";
import { checkRows } from "../support/rows.js";

checkRows("conv", conv);
