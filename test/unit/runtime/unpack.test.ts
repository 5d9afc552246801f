import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { unpackF32, unpackF64, unpackI32 } from "../../../src/runtime/unpack.js";

it.each([
  ["f32", unpackF32],
  ["f64", unpackF64],
  ["i32", unpackI32],
])("unpacks the bytes that asc wrote: %s", (target, unpack) => {
  expect(Buffer.compare(unpack(), readFileSync(`build/${target}.wasm`))).toBe(0);
});
