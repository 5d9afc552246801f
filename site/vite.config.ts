/** The page: `npm run site` serves it during development, `npm run site:build` writes static files to site/dist. */
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// The page is built from dist/, so that it shows the package as users get it.

/** The examples write to a terminal and read folders, which a page cannot: it uses only their networks and numbers. */
const aliases = [
  { find: /^\.\/support\/(?:console|data|progress)\.js$/, replacement: here("examples-support.ts") },
  { find: /^simdgrad$/, replacement: here("../dist/index.js") },
  { find: /^simdgrad\/(\w+)$/, replacement: here("../dist/$1/index.js") },
];

const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "worker-src 'self'",
].join("; ");

/** Removes the last line of each example, which starts the program. */
const programs: Plugin = {
  name: "examples-without-their-start",
  transform(code, id) {
    if (!/\/examples\/\d\d-[^/]+\.ts$/.test(id)) return null;
    return { code: code.replace(/^if \(isEntryPoint\(.*$/m, ""), map: null };
  },
};

/** Forbids the built page to contact another host, which it never does. */
const policy: Plugin = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
  ],
};

/** Graphs name layers by their classes: minifying must keep those names. */
const named = { output: { keepNames: true } };

export default defineConfig({
  root: here("."),
  base: "./",
  resolve: { alias: aliases },
  plugins: [programs, policy],
  worker: { format: "es", plugins: () => [programs], rolldownOptions: named },
  build: {
    rolldownOptions: named,
    outDir: here("dist"),
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 2000,
  },
});
