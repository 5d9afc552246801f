import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

/** A project of the tests in one folder of test/. */
const project = (name: string) => ({ extends: true as const, test: { name, include: [`test/${name}/**/*.test.ts`] } });

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: ["unit", "ops", "slow"].map(project),
  },
  resolve: {
    alias: [
      { find: /^simdgrad$/, replacement: source("index.ts") },
      { find: /^simdgrad\/(\w+)$/, replacement: source("$1/index.ts") },
    ],
  },
});
