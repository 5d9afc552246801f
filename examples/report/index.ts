/** The report: the results of the examples as one page without other files. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { page, type Section } from "./page.js";

/** Writes the report with these sections. */
export async function writeReport(path: string, sections: readonly Section[]): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  const made = `Node ${process.versions.node}, ${day}.`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await page(sections, made));
}
