import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

/** The repository's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The path of a file in test/golden. */
export const goldenPath = (name: string): string => join(root, "test/golden", name);

/** The content of a JSON file in test/golden, with the caller's type. */
export const goldenJson = (name: string) => JSON.parse(readFileSync(goldenPath(name), "utf8"));

/** Makes a folder, and removes it after the tests of the calling file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "simdgrad-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
