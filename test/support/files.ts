import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

/** The repository's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The path of a file in test/golden. */
export const goldenPath = (name: string): string => join(root, "test/golden", name);

/** What a JSON file in test/golden holds. The caller gives it its type. */
export const goldenJson = (name: string) => JSON.parse(readFileSync(goldenPath(name), "utf8"));

/** Makes a folder and removes it after the tests of the file that asks for it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "simdgrad-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
