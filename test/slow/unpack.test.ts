import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import * as relaxed from "../../src/relaxed/binaries.generated.js";
import { binaryOf, unpackF32, unpackF64, unpackI32 } from "../../src/runtime/unpack.js";

// In a checkout src/ reads the files in build/; these tests unpack the texts that dist/ has instead.
vi.mock("../../src/runtime/wasm.generated.js", () => vi.importActual("../../build/packed/wasm.ts"));
vi.mock("../../src/relaxed/binaries.generated.js", () => vi.importActual("../../build/packed/relaxed.ts"));

it.each([
  ["f32", unpackF32],
  ["f64", unpackF64],
  ["i32", unpackI32],
  ["relaxed.f32", () => binaryOf(relaxed.f32, unpackF32)],
  ["relaxed.f64", () => binaryOf(relaxed.f64, unpackF64)],
])("unpacks the bytes that asc wrote: %s", (target, unpack) => {
  expect(Buffer.compare(unpack(), readFileSync(`build/${target}.wasm`))).toBe(0);
});
