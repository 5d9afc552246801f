/**
 * Turns what asc wrote to build/ into src/runtime/wasm.generated.ts: the three binaries as base64 and the types of
 * their exports, so that importing the package is enough (no path to configure, no fetch, no await). The builds with
 * relaxed SIMD go into a file that the core does not import, src/relaxed/binaries.generated.ts. The JPEG decoder's
 * binary goes the same way into src/codec/turbo.generated.ts, and what workers run, as text, into
 * src/runtime/worker.generated.ts.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";

/** The body of `declare namespace __AdaptedExports` in a declaration file of asc's raw bindings, as members of a type. */
function exportedFunctions(target: string): string {
  const text = readFileSync(`build/${target}.d.ts`, "utf8");
  const body = text.slice(text.indexOf("{") + 1, text.indexOf("\n}"));
  return body
    .replace(/\s*\/\*\* Exported memory \*\/\s*export const memory: WebAssembly\.Memory;/, "")
    .replaceAll("export function ", "");
}

const base64 = (target: string): string => readFileSync(`build/${target}.wasm`).toString("base64");
const turbo = readFileSync("node_modules/@cwasm/jpeg-turbo/jpeg-turbo.wasm").toString("base64");

writeFileSync(
  "src/codec/turbo.generated.ts",
  `// Written by scripts/inline-wasm.ts from @cwasm/jpeg-turbo's binary. Do not edit.

export const turboWasm: string = "${turbo}";
`,
);

writeFileSync(
  "src/runtime/wasm.generated.ts",
  `// Written by scripts/inline-wasm.ts from build/*.wasm. Do not edit.

/** The kernels of a floating-point build (float32 and float64 export the same). */
export type RealKernels = {${exportedFunctions("f32")}
};

/** The kernels of the integer build, and those that do not know element types. */
export type IntegerKernels = {${exportedFunctions("i32")}
};

export const wasm = {
  f32: "${base64("f32")}",
  f64: "${base64("f64")}",
  i32: "${base64("i32")}",
};
`,
);

writeFileSync(
  "src/relaxed/binaries.generated.ts",
  `// Written by scripts/inline-wasm.ts from build/relaxed.*.wasm. Do not edit.

export const f32: string = "${base64("relaxed.f32")}";
export const f64: string = "${base64("relaxed.f64")}";
`,
);

const worker = buildSync({
  entryPoints: ["src/runtime/worker.ts"],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: "es2022",
}).outputFiles[0]!.text;

writeFileSync(
  "src/runtime/worker.generated.ts",
  `// Written by scripts/inline-wasm.ts from src/runtime/worker.ts. Do not edit.

export const workerCode: string = ${JSON.stringify(worker)};
`,
);
