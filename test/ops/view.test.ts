import { view } from "../cases/view.js";
import { checkRows } from "../support/rows.js";

checkRows("view", view);
