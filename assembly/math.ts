/** Elementary functions on v128, generic over the element type, to 2 ulp over the whole range. */
export { erf } from "./math/erf";
export { exp, expm1, sigmoid, tanh } from "./math/exp";
export { log, log10, log1p, log2, logSigmoid, softplus } from "./math/log";
export { pow } from "./math/pow";
export { cos, sin, tan } from "./math/trig";
export { bell, tailArgument, upperTail } from "./math/normal";
