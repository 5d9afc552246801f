/**
 * dist/: the entry points (types are tsc's). All that the core needs lies in one file, core.js: Node takes half a
 * millisecond or more for each file of a package. Names and lines stay as they are, for printed modules, stack traces and
 * debuggers; whoever bundles an application makes it small there.
 */
import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "rolldown";
import { f32, f64, i32 } from "../src/runtime/wasm.generated.js";

/** The builds as they are, which Node reads sooner than it unpacks them. */
const binaries: Plugin = {
  name: "binaries",
  generateBundle() {
    for (const [target, { file }] of Object.entries({ f32, f64, i32 })) {
      this.emitFile({ type: "asset", fileName: file, source: readFileSync(`build/${target}.wasm`) });
    }
  },
};

/** The core's entry: with everything it imports it becomes a file. */
const CORE = /src.index\.ts$/;

export default defineConfig({
  input: {
    index: "src/index.ts",
    "data/index": "src/data/index.ts",
    "io/index": "src/io/index.ts",
    "synthetic/index": "src/synthetic/index.ts",
    "viz/index": "src/viz/index.ts",
    "relaxed/index": "src/relaxed/index.ts",
  },
  platform: "neutral",
  plugins: [binaries],
  external: [/^node:/, /^@noble\/hashes/, "@viz-js/viz", "@zip.js/zip.js", "fast-png", "modern-tar"],
  transform: { target: "es2022", define: { "process.env.NODE_ENV": '"production"' } },
  treeshake: {
    // package.json says of the package that it has no side effects; inside of it, this file gives Tensor its methods.
    moduleSideEffects: [{ test: /src.methods\.ts$/, sideEffects: true }],
  },
  output: {
    dir: "dist",
    cleanDir: false,
    format: "esm",
    charset: "ascii",
    comments: { jsdoc: false },
    sourcemap: true,
    chunkFileNames: "[name].js",
    codeSplitting: { groups: [{ name: "core", test: CORE }] },
  },
});
