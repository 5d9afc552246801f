/**
 * The integer build, with `--use real=i32`: arithmetic on int32, and the kernels that move elements by their size (copy,
 * gather, where), are about bool alone (logic) or know one type only (mersenne). The contract is that of index.ts.
 */
export * from "./arithmetic";
export * from "./cast";
export * from "./check";
export * from "./clamp";
export * from "./compare";
export * from "./copy";
export * from "./cumulate";
export * from "./division";
export * from "./extremum";
export * from "./fill";
export * from "./gather";
export * from "./interpolate/nearest";
export * from "./logic";
export * from "./mersenne";
export * from "./pad/pad";
export * from "./power";
export * from "./reduce";
export * from "./scatter";
export * from "./sign";
export * from "./sort";
export * from "./where";
