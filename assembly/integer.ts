/**
 * The integer build, with `--use real=i32`: arithmetic on int32, and the kernels that move elements by their size
 * (copy, gather, where), work on bool alone (logic) or know one type only (mersenne). The contract is that of index.ts.
 */
export * from "./pointwise/arithmetic";
export * from "./pointwise/cast";
export * from "./reduce/check";
export * from "./pointwise/clamp";
export * from "./pointwise/compare";
export * from "./index/copy";
export * from "./reduce/cumulate";
export * from "./pointwise/division";
export * from "./reduce/extremum";
export * from "./pointwise/fill";
export * from "./index/gather";
export * from "./interpolate/nearest";
export * from "./pointwise/logic";
export * from "./random/mersenne";
export * from "./pad/pad";
export * from "./pointwise/power";
export * from "./reduce/reduce";
export * from "./index/scatter";
export * from "./pointwise/sign";
export * from "./reduce/sort";
export * from "./pointwise/where";
