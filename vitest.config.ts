import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

/** What replaces modules, loads them anew, or handles the memory itself. */
const isolated = ["test/unit/isolated/**", "test/unit/runtime/**"];

/** Projects by what their tests cost. The files of one that is not isolated share each worker's modules. */
const projects = [
  { name: "unit", include: ["test/unit/**/*.test.ts"], exclude: isolated, isolate: false },
  { name: "isolated", include: isolated.map((folder) => `${folder}/*.test.ts`) },
  { name: "ops", include: ["test/ops/*.test.ts"], isolate: false },
  { name: "slow", include: ["test/slow/*.test.ts"] },
  { name: "browser", include: ["test/browser/*.test.ts"], globalSetup: ["test/browser/server.ts"] },
];

export default defineConfig({
  test: {
    maxWorkers: "100%", // by default one core is left idle
    testTimeout: 120_000,
    hookTimeout: 120_000,
    experimental: { fsModuleCache: true }, // keeps transformed modules, by their content, for the next run
    projects: projects.map((test) => ({ extends: true, test })),
  },
  resolve: {
    alias: [
      { find: /^simdgrad$/, replacement: source("index.ts") },
      { find: /^simdgrad\/(\w+)$/, replacement: source("$1/index.ts") },
    ],
  },
});
