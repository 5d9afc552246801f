/**
 * The text of the generated files of src/, which are not in git.
 *
 * A Wasm build has one of two forms of the same type. In a checkout it is the name of a file in build/, which
 * src/runtime/unpack.ts reads; this form needs no packing. In the published package it is the packed text, and the name
 * of the file beside dist/core.js.
 */
import { createHash } from "node:crypto";
import type { Io } from "./io.js";

export const WASM = "src/runtime/wasm.generated.ts";
export const RELAXED = "src/relaxed/binaries.generated.ts";
export const TURBO = "src/formats/image/turbo.generated.ts";
export const WORKER = "src/runtime/worker.generated.ts";
const WORKER_SOURCE = "src/runtime/worker.ts";

/** Files of src/ with another published form: from the path to the path of that form. */
export const PUBLISHED = { [WASM]: "build/packed/wasm.ts", [RELAXED]: "build/packed/relaxed.ts" };

const head = (source: string): string => `// Written by scripts/build/ from ${source}. Do not edit.\n`;

/**
 * The body of `declare namespace __AdaptedExports` in a declaration file of asc's raw bindings, as members of a type.
 */
function exportedFunctions(io: Io, target: string): string {
  const text = io.read(`build/${target}.d.ts`).toString();
  const body = text.slice(text.indexOf("{") + 1, text.indexOf("\n}"));
  return body
    .replace(/\s*\/\*\* Exported memory \*\/\s*export const memory: WebAssembly\.Memory;/, "")
    .replaceAll("export function ", "");
}

/** Writes a value of type Build. */
type Literal = (io: Io, target: string) => string;

/** A build that the package reads from build/; the path is relative to src/platform/. */
const loose: Literal = (io, target) => {
  const path = `build/${target}.wasm`;
  const missing = `throw new Error("${path} is missing, or another than it was: npm run build -- kernels relaxed");`;
  return `{
  file: "../../${path}",
  size: ${io.read(path).length},
  get packed(): string {
    ${missing}
  },
}`;
};

/** The name of a build in dist/. It has a hash of the bytes, so that no file of another version fits. */
export function publishedName(target: string, binary: Uint8Array): string {
  return `${target}.${createHash("sha256").update(binary).digest("hex").slice(0, 12)}.wasm`;
}

const packed: Literal = (io, target) => {
  const binary = io.read(`build/${target}.wasm`);
  const text = io.read(`build/packed/${target}.txt`).toString();
  return `{ file: "${publishedName(target, binary)}", size: ${binary.length}, packed: "${text}" }`;
};

/** The builds of the core, and the types of their exports. */
function wasm(io: Io, build: Literal, unpacker: string): string {
  return `${head("build/")}
/** The kernels of a floating-point build (float32 and float64 export the same). */
export type RealKernels = {${exportedFunctions(io, "f32")}
};

/** The kernels of the integer build, and those that do not know element types. */
export type IntegerKernels = {${exportedFunctions(io, "i32")}
};

/** What unpacks the others. */
export const unpackWasm: string = "${unpacker}";

/**
 * A build: a file that has it as it is, its size in bytes, and what scripts/packer/ made of it. The file may be
 * missing.
 */
export type Build = { file: string; size: number; packed: string };

/** The dictionary of the others. */
export const f32: Build = ${build(io, "f32")};
export const f64: Build = ${build(io, "f64")};
export const i32: Build = ${build(io, "i32")};
`;
}

/** The builds with relaxed SIMD, which the core does not import. */
function relaxed(io: Io, build: Literal): string {
  return `${head("build/")}
/** The dictionary of each is the ordinary build. */
export const f32 = ${build(io, "relaxed.f32")};
export const f64 = ${build(io, "relaxed.f64")};
`;
}

export const looseWasm = (io: Io): string => wasm(io, loose, "");
export const looseRelaxed = (io: Io): string => relaxed(io, loose);
export const packedWasm = (io: Io): string => wasm(io, packed, io.read("build/unpack.wasm").toString("base64"));
export const packedRelaxed = (io: Io): string => relaxed(io, packed);

/** The JPEG decoder's binary as base64. */
export function turbo(io: Io): string {
  const binary = io.read("node_modules/@cwasm/jpeg-turbo/jpeg-turbo.wasm");
  return `${head("@cwasm/jpeg-turbo's binary")}
export const turboWasm: string = "${binary.toString("base64")}";
`;
}

/** The code of workers as text, so that no file must be found at run time. */
export async function worker(io: Io): Promise<string> {
  const { buildSync } = await import("esbuild"); // imported here because it takes 0.1 s to load
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: io.root,
    entryPoints: [WORKER_SOURCE],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "iife",
    target: "es2022",
  });
  for (const path of Object.keys(metafile.inputs)) io.read(path);
  return `${head(WORKER_SOURCE)}
export const workerCode: string = ${JSON.stringify(outputFiles[0]!.text)};
`;
}
