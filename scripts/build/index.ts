import { fileURLToPath } from "node:url";
import { Builder } from "./builder.js";
import { Pool } from "./pool.js";
import { type Goal, goals } from "./targets.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** Brings goals up to date, and writes progress to standard error. */
export async function build(wanted: readonly Goal[]): Promise<void> {
  const pool = new Pool();
  try {
    const all = goals(pool);
    const builder = new Builder(ROOT, (line) => console.error(line));
    await builder.build(wanted.flatMap((goal) => all[goal]));
  } finally {
    await pool.close();
  }
}
