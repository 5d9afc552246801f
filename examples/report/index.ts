/** The report: what came out of the examples, as one page that needs nothing else. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { page, type Section } from "./page.js";

/** Writes the sections that ran. */
export async function writeReport(path: string, sections: readonly Section[]): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  const made = `Node ${process.versions.node}, ${day}.`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await page(sections, made));
}
