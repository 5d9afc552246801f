import { documented } from "../cases/documented.js";
import { checkRows } from "../support/rows.js";

checkRows("documented", documented);
