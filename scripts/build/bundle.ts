/**
 * Writes dist/: the entry points, and types by tsc. The whole core is one file, core.js, because Node takes half a
 * millisecond or more to load a file. The code is not minified: printed modules, stack traces and debuggers need its
 * names and lines. A bundler of an application can minify it.
 */
import { execFile } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Plugin, rolldown } from "rolldown";
import { PUBLISHED, publishedName } from "./generated.js";
import type { Io } from "./io.js";

/** Replaces the builds that are read from build/ by the packed builds. */
const packed = (io: Io): Plugin => ({
  name: "packed",
  load(id) {
    const found = Object.entries(PUBLISHED).find(([path]) => id.replaceAll("\\", "/").endsWith(path));
    return found === undefined ? null : { code: io.read(found[1]).toString(), moduleType: "ts" };
  },
});

/** The unpacked builds: Node reads them faster than it unpacks packed ones. */
const binaries = (io: Io): Plugin => ({
  name: "binaries",
  generateBundle() {
    for (const target of ["f32", "f64", "i32"]) {
      const source = io.read(`build/${target}.wasm`);
      this.emitFile({ type: "asset", fileName: publishedName(target, source), source });
    }
  },
});

/** The entry of the core. It becomes one file with all its imports. */
const CORE = /src.index\.ts$/;

async function bundle(io: Io): Promise<void> {
  const build = await rolldown({
    cwd: io.root,
    logLevel: "warn",
    input: {
      index: "src/index.ts",
      "data/index": "src/data/index.ts",
      "io/index": "src/io/index.ts",
      "synthetic/index": "src/synthetic/index.ts",
      "viz/index": "src/viz/index.ts",
      "relaxed/index": "src/relaxed/index.ts",
    },
    platform: "neutral",
    plugins: [packed(io), binaries(io)],
    external: [/^node:/, /^@noble\/hashes/, "@viz-js/viz", "@zip.js/zip.js", "fast-png", "modern-tar"],
    transform: { target: "es2022", define: { "process.env.NODE_ENV": '"production"' } },
    treeshake: {
      // package.json says "sideEffects": false. Inside the package this file has one: it gives Tensor its methods.
      moduleSideEffects: [{ test: /src.methods\.ts$/, sideEffects: true }],
    },
  });
  await build.write({
    dir: "dist",
    cleanDir: false,
    format: "esm",
    charset: "ascii",
    comments: { jsdoc: false },
    sourcemap: true,
    chunkFileNames: "[name].js",
    codeSplitting: { groups: [{ name: "core", test: CORE }] },
  });
  await build.close();
}

/** The files under a folder, by paths from the root. */
function filesUnder(io: Io, folder: string): string[] {
  return readdirSync(join(io.root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(io.root.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}

const tsc = async (root: string): Promise<void> => {
  const program = join(root, "node_modules/typescript/bin/tsc");
  await promisify(execFile)(process.execPath, [program, "-p", "tsconfig.build.json"], { cwd: root }).catch(
    (error: { stdout: string }) => {
      throw new Error(`tsc -p tsconfig.build.json:\n${error.stdout}`);
    },
  );
};

/** Replaces dist/. */
export async function publish(io: Io): Promise<void> {
  // Record all of src/, and package-lock.json for the versions of the bundler and of the bundled packages.
  const settings = ["package-lock.json", "tsconfig.json", "tsconfig.build.json", "scripts/build/bundle.ts"];
  for (const path of [...settings, ...filesUnder(io, "src")]) io.read(path);
  rmSync(join(io.root, "dist"), { recursive: true, force: true });
  await Promise.all([tsc(io.root), bundle(io)]);
  for (const path of filesUnder(io, "dist")) io.wrote(path);
}
