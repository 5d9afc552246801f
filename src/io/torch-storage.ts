import type { Dtype } from "../base/dtype.js";
import { type ElementType, elementTypes } from "./element-types.js";

// PyTorch's classes of storages, by the types of their elements.

/** A class of storages in a file, and what its elements become. */
export type StorageType = ElementType & { readonly name: string };

const names: readonly (readonly [name: string, type: ElementType])[] = [
  ["Float", elementTypes.float32],
  ["Double", elementTypes.float64],
  ["Half", elementTypes.float16],
  ["BFloat16", elementTypes.bfloat16],
  ["Int", elementTypes.int32],
  ["Long", elementTypes.int64],
  ["Short", elementTypes.int16],
  ["Char", elementTypes.int8],
  ["Byte", elementTypes.uint8],
  ["Bool", elementTypes.bool],
];

/** By the name of PyTorch's class: `FloatStorage`. */
export const storageTypes: ReadonlyMap<string, StorageType> = new Map(
  names.map(([name, type]) => [`${name}Storage`, { name, ...type }]),
);

/** The class that holds elements of a dtype. */
export const storageOf: Readonly<Record<Dtype, string>> = {
  float32: "FloatStorage",
  float64: "DoubleStorage",
  int32: "IntStorage",
  uint8: "ByteStorage",
  bool: "BoolStorage",
};
