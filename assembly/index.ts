/**
 * The floating-point builds: compiled with `--use real=f32` and `--use real=f64`. The contract of every export:
 *
 *     kernel(out…, in…, scalars…, sizes…, [work], begin, end)
 *
 * Pointers are byte addresses, aligned to their elements; sizes, strides and begin, end are in elements or units (i32).
 * Operands are row-major unless a record of strides comes with them (strided.ts, gemm/problem.ts). [begin, end) counts
 * units of the output (elements, rows, panels; each kernel says which). A unit is written by exactly one call, and its
 * arithmetic depends neither on the range nor on where a lane falls: any cut gives the same bits. Kernels check nothing,
 * allocate nothing, keep nothing, and write only `out` and `work`. Reductions add in an order set by sizes alone.
 */
export * from "./activation";
export * from "./arithmetic";
export * from "./cast";
export * from "./check";
export * from "./clamp";
export * from "./compare";
export * from "./conv/forward";
export * from "./conv/input";
export * from "./conv/weight";
export { convolveInputSparse } from "./conv/sparse-input";
export { convolveWeightSparse } from "./conv/sparse-weight";
export { patchOffsets } from "./conv/convolution";
export * from "./cumulate";
export * from "./division";
export * from "./extremum";
export * from "./fill";
export * from "./gemm/gemm";
export * from "./interpolate/linear";
export * from "./lookup";
export * from "./loss";
export * from "./nll";
export { fixedMoments, moments, track } from "./normalize/moments";
export { channelSums, normalizePlanes, normalizePlanesGrad, planeSums, unitMeans } from "./normalize/planes";
export * from "./normalize/rows";
export * from "./optim";
export * from "./pad/adjoint";
export * from "./parametric";
export * from "./pool/average";
export * from "./pool/max";
export * from "./power";
export * from "./random";
export * from "./reduce";
export * from "./scatter";
export * from "./sign";
export * from "./softmax";
export * from "./sort";
export * from "./unary";
export * from "./variance";
