/**
 * The error function. Below 1, erf(x) = x + x·P(x²); from 1 on, 1 - exp(-G(x)), where G fits -log(erfc(x)) with errors
 * weighted by erfc(x). Both are minimax polynomials (Remez exchange at 200 bits): P has error 2^-29.7 in float32 and
 * 2^-57 in float64, G 2^-29.9 and 2^-59.5. Beyond the fitted interval erf rounds to 1.
 */
import { copysign, mul, mulAdd, select, splat, sub } from "../base/simd";
import { expNormal } from "./exp";

/** erf(x)/x - 1, z = x² <= 1 */
@inline function nearZero<T>(z: v128): v128 {
  const z2 = mul<T>(z, z);
  let even: v128;
  let odd: v128;
  if (sizeof<T>() == 4) {
    even = mulAdd<T>(splat<T>(7.889119297033176e-5), z2, splat<T>(0.005189536605030298));
    even = mulAdd<T>(even, z2, splat<T>(0.11283600330352783));
    even = mulAdd<T>(even, z2, splat<T>(0.12837916612625122));
    odd = mulAdd<T>(splat<T>(-0.0008020845707505941), z2, splat<T>(-0.026854446157813072));
    odd = mulAdd<T>(odd, z2, splat<T>(-0.3761262595653534));
  } else {
    odd = mulAdd<T>(splat<T>(-7.801188874097751e-10), z2, splat<T>(-1.6209175911748696e-7));
    odd = mulAdd<T>(odd, z2, splat<T>(-1.4924744663335489e-5));
    odd = mulAdd<T>(odd, z2, splat<T>(-0.0008548325989696758));
    odd = mulAdd<T>(odd, z2, splat<T>(-0.02686617064327622));
    odd = mulAdd<T>(odd, z2, splat<T>(-0.3761263890318355));
    even = mulAdd<T>(splat<T>(1.3722976265924504e-8), z2, splat<T>(1.6447517677871873e-6));
    even = mulAdd<T>(even, z2, splat<T>(0.00012055295320494294));
    even = mulAdd<T>(even, z2, splat<T>(0.005223977607423468));
    even = mulAdd<T>(even, z2, splat<T>(0.11283791670945253));
    even = mulAdd<T>(even, z2, splat<T>(0.12837916709551256));
  }
  return mulAdd<T>(odd, z, even);
}

/** -log(erfc(x)), 1 <= x <= 4 (float32) or 6 (float64) */
@inline function minusLogErfc<T>(x: v128): v128 {
  const z = mul<T>(x, x);
  let even: v128;
  let odd: v128;
  if (sizeof<T>() == 4) {
    even = mulAdd<T>(splat<T>(-0.00018557376461103559), z, splat<T>(-0.021805310621857643));
    even = mulAdd<T>(even, z, splat<T>(0.6382256746292114));
    even = mulAdd<T>(even, z, splat<T>(0.0003537211159709841));
    odd = mulAdd<T>(splat<T>(0.0029396051540970802), z, splat<T>(0.10303735733032227));
    odd = mulAdd<T>(odd, z, splat<T>(1.1270400285720825));
  } else {
    even = mulAdd<T>(splat<T>(-1.038958697874997e-12), z, splat<T>(-1.0169826136686316e-9));
    even = mulAdd<T>(even, z, splat<T>(-1.2482510559612505e-7));
    even = mulAdd<T>(even, z, splat<T>(-4.301629290624916e-6));
    even = mulAdd<T>(even, z, splat<T>(-4.476839135142147e-5));
    even = mulAdd<T>(even, z, splat<T>(4.596234645916857e-5));
    even = mulAdd<T>(even, z, splat<T>(0.0017709360202390096));
    even = mulAdd<T>(even, z, splat<T>(-0.019076949177561052));
    even = mulAdd<T>(even, z, splat<T>(0.6366287047132997));
    even = mulAdd<T>(even, z, splat<T>(1.8440463134532337e-7));
    odd = mulAdd<T>(splat<T>(4.7513519862758376e-11), z, splat<T>(1.3521498256762043e-8));
    odd = mulAdd<T>(odd, z, splat<T>(8.451593826317462e-7));
    odd = mulAdd<T>(odd, z, splat<T>(1.642094632479347e-5));
    odd = mulAdd<T>(odd, z, splat<T>(6.974694844947554e-5));
    odd = mulAdd<T>(odd, z, splat<T>(-0.000642842996607613));
    odd = mulAdd<T>(odd, z, splat<T>(-0.0002822379696130995));
    odd = mulAdd<T>(odd, z, splat<T>(0.10274663963787517));
    odd = mulAdd<T>(odd, z, splat<T>(1.1283772821951261));
  }
  return mulAdd<T>(odd, x, even);
}

/** erf(x) = 2/sqrt(pi) · ∫ exp(-t²) dt from 0 to x */
@inline export function erf<T>(x: v128): v128 {
  const one = splat<T>(1);
  const a = v128.pmin<T>(v128.abs<T>(x), splat<T>(sizeof<T>() == 4 ? 4 : 6));
  const small = mulAdd<T>(a, nearZero<T>(mul<T>(a, a)), a);
  const large = sub<T>(one, expNormal<T>(v128.neg<T>(minusLogErfc<T>(a))));
  return copysign<T>(select(v128.ge<T>(a, one), large, small), x); // NaN takes `small`
}
