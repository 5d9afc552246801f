/**
 * The machine's own limit: products and sums of eight vectors that never leave the registers, as in gemm's tile but
 * without loads. The two factors change places every round so that no product can move out of the loop.
 */
export function multiplyAdd(rounds: i32): f64 {
  const one = v128.splat<real>(1);
  let x0 = v128.splat<real>(<real>0.5), x1 = v128.splat<real>(<real>-0.5);
  const y0 = v128.splat<real>(<real>0.25), y1 = v128.splat<real>(<real>0.375);
  const y2 = v128.splat<real>(<real>0.625), y3 = v128.splat<real>(<real>0.875);
  let c0 = one, c1 = one, c2 = one, c3 = one, c4 = one, c5 = one, c6 = one, c7 = one;
  for (; rounds > 0; rounds--) {
    c0 = v128.add<real>(c0, v128.mul<real>(x0, y0));
    c1 = v128.add<real>(c1, v128.mul<real>(x0, y1));
    c2 = v128.add<real>(c2, v128.mul<real>(x0, y2));
    c3 = v128.add<real>(c3, v128.mul<real>(x0, y3));
    c4 = v128.add<real>(c4, v128.mul<real>(x1, y0));
    c5 = v128.add<real>(c5, v128.mul<real>(x1, y1));
    c6 = v128.add<real>(c6, v128.mul<real>(x1, y2));
    c7 = v128.add<real>(c7, v128.mul<real>(x1, y3));
    const x = x0;
    x0 = x1;
    x1 = x;
  }
  const left = v128.add<real>(v128.add<real>(c0, c1), v128.add<real>(c2, c3));
  const right = v128.add<real>(v128.add<real>(c4, c5), v128.add<real>(c6, c7));
  return <f64>v128.extract_lane<real>(v128.add<real>(left, right), 0);
}
