export { type MoonsOptions, makeMoons } from "./moons.js";
export { type NestedNumbers, type RandomSource, RandomState } from "./random-state.js";
export { RandomSampler, type RandomSamplerOptions } from "./sampler.js";
export { type Rows, type SplitOptions, type Taken, trainTestSplit } from "./split.js";
