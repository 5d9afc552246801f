/**
 * Turns what asc wrote to build/ into src/runtime/wasm.generated.ts: the three binaries, packed, and the types of
 * their exports, so that importing the package is enough (no path to configure, no fetch, no await). The builds with
 * relaxed SIMD go into a file that the core does not import, src/relaxed/binaries.generated.ts. The JPEG decoder's
 * binary goes the same way into src/formats/image/turbo.generated.ts, and what workers run, as text, into
 * src/runtime/worker.generated.ts.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { pack } from "./pack.js";

/** The body of `declare namespace __AdaptedExports` in a declaration file of asc's raw bindings, as members of a type. */
function exportedFunctions(target: string): string {
  const text = readFileSync(`build/${target}.d.ts`, "utf8");
  const body = text.slice(text.indexOf("{") + 1, text.indexOf("\n}"));
  return body
    .replace(/\s*\/\*\* Exported memory \*\/\s*export const memory: WebAssembly\.Memory;/, "")
    .replaceAll("export function ", "");
}

const binary = (target: string): Uint8Array => new Uint8Array(readFileSync(`build/${target}.wasm`));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const turbo = readFileSync("node_modules/@cwasm/jpeg-turbo/jpeg-turbo.wasm").toString("base64");

/** What a value of type Packed has. */
function packed(target: string, dictionary?: string): string {
  const bytes = binary(target);
  const small = pack(bytes, dictionary === undefined ? new Uint8Array() : binary(dictionary));
  return `size: ${bytes.length}, packed: "${small}"`;
}

/** A value of type Build. */
function build(target: string, dictionary?: string): string {
  const digest = createHash("sha256").update(binary(target)).digest("hex").slice(0, 12);
  return `{ file: "${target}.${digest}.wasm", ${packed(target, dictionary)} }`;
}

writeFileSync(
  "src/formats/image/turbo.generated.ts",
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

/** What unpacks the others. */
export const unpackWasm: string = "${base64(binary("unpack"))}";

/** A binary: its size in bytes, and what scripts/pack.ts made of it. */
export type Packed = { size: number; packed: string };

/** A build, and the file in dist/ that has it as it is. Its name tells the bytes: another version's is not mistaken for it. */
export type Build = Packed & { file: string };

/** The dictionary of the others. */
export const f32: Build = ${build("f32")};
export const f64: Build = ${build("f64", "f32")};
export const i32: Build = ${build("i32", "f32")};
`,
);

writeFileSync(
  "src/relaxed/binaries.generated.ts",
  `// Written by scripts/inline-wasm.ts from build/relaxed.*.wasm. Do not edit.

/** The dictionary of each is the ordinary build. */
export const f32 = { ${packed("relaxed.f32", "f32")} };
export const f64 = { ${packed("relaxed.f64", "f64")} };
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
