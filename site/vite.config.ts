/** The page: `npm run site` serves it while it is worked on, `npm run site:build` writes static files to site/dist. */
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// The page is built from the package as it is published, so that what the page shows is what users get.

/** The examples write to a terminal and read folders; on a page they are looked at for their networks only. */
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

/** The last line of each example starts its program when it is run by itself. */
const programs: Plugin = {
  name: "examples-without-their-start",
  transform(code, id) {
    if (!/\/examples\/\d\d-[^/]+\.ts$/.test(id)) return null;
    return { code: code.replace(/^if \(isEntryPoint\(.*$/m, ""), map: null };
  },
};

/** Forbids the built page what it never does: to ask another host for anything. */
const policy: Plugin = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
  ],
};

/** Graphs name layers by their classes: minifying must leave those names. */
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
