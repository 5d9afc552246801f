import { softmax } from "../cases/softmax.js";
import { checkRows } from "../support/rows.js";

checkRows("softmax", softmax);
