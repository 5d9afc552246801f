import { normalize } from "../cases/normalize.js";
import { checkRows } from "../support/rows.js";

checkRows("normalize", normalize);
