/** Elementary functions on v128, generic over the element type, to 2 ulp over the whole range. */
export { erf } from "./math/erf";
export { beyondNormal, exp, expm1, expNormal, sigmoid, tanh } from "./math/exp";
export { isSpecial, log, log10, log1p, log2, logNormal, logSigmoid, softplus } from "./math/log";
export { pow } from "./math/pow";
export { cos, cosNear, sin, sinNear, tan } from "./math/trig";
export { bell, tailArgument, upperTail } from "./math/normal";
