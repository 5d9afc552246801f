import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

export default defineConfig({
  test: { include: ["test/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
  resolve: {
    alias: [
      { find: /^simdgrad$/, replacement: source("index.ts") },
      { find: /^simdgrad\/(\w+)$/, replacement: source("$1/index.ts") },
    ],
  },
});
