import { activation } from "../cases/activation.js";
import { checkRows } from "../support/rows.js";

checkRows("activation", activation);
