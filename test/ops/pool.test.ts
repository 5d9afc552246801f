import { pool } from "../cases/pool.js";
import { checkRows } from "../support/rows.js";

checkRows("pool", pool);
