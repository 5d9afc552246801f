/**
 * The floating-point builds: compiled with `--use real=f32` and `--use real=f64`. The contract of every export:
 *
 *     kernel(out…, in…, scalars…, sizes…, [work], begin, end)
 *
 * Pointers are byte addresses, aligned to their elements; sizes, strides and begin, end are in elements or units (i32).
 * Operands are row-major unless a struct of strides comes with them (base/strided.ts, gemm/problem.ts). [begin, end)
 * counts units of the output (elements, rows, panels; each kernel says which). Exactly one call writes a unit, and its
 * arithmetic depends neither on the range nor on the lane: any split into ranges gives the same bits. Kernels check
 * nothing, allocate nothing, keep no state, and write only `out` and `work`. Reductions add in an order that sizes
 * alone set.
 */
export * from "./pointwise/activation";
export * from "./pointwise/arithmetic";
export * from "./pointwise/binary";
export * from "./pointwise/cast";
export * from "./reduce/check";
export * from "./pointwise/clamp";
export * from "./pointwise/compare";
export * from "./conv/forward";
export * from "./conv/input";
export * from "./conv/weight";
export * from "./conv/measure";
export { patchOffsets } from "./conv/convolution";
export * from "./reduce/cumulate";
export * from "./pointwise/division";
export * from "./reduce/extremum";
export * from "./pointwise/fill";
export * from "./gemm/gemm";
export * from "./interpolate/linear";
export * from "./index/lookup";
export * from "./loss/loss";
export * from "./loss/nll";
export { fixedMoments, moments, track } from "./normalize/moments";
export { channelSums, normalizePlanes, normalizePlanesGrad, planeSums, unitMeans } from "./normalize/planes";
export * from "./normalize/rows";
export * from "./optim";
export * from "./pad/adjoint";
export * from "./pointwise/parametric";
export * from "./pool/average";
export * from "./pool/max";
export * from "./pointwise/power";
export * from "./random/random";
export * from "./reduce/reduce";
export * from "./index/scatter";
export * from "./pointwise/sign";
export * from "./reduce/softmax";
export * from "./reduce/sort";
export * from "./pointwise/unary";
export * from "./reduce/variance";
