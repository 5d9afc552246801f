/** Elementary functions on v128, generic over the element type, to 2 ulp over the whole range. */
export { atan2 } from "./atan";
export { erf } from "./erf";
export { beyondNormal, exp, expm1, expNormal, sigmoid, tanh } from "./exp";
export { isSpecial, log, log10, log1p, log2, logNormal, logSigmoid, softplus } from "./log";
export { pow } from "./pow";
export { cos, cosNear, sin, sinNear, tan } from "./trig";
export { bell, tailArgument, upperTail } from "./normal";
