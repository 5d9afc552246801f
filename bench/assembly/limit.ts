/**
 * The machine's limit: c += x · y on eight vectors that stay in registers, as in gemm's tile but without its loads.
 * Every round swaps x0 and x1, so that the compiler cannot move a product out of the loop. The six vectors at `at` come
 * from memory, so that V8 does not compute them inside the loop.
 */
export function multiplyAdd(rounds: i32, at: usize): real {
  let x0 = v128.load(at), x1 = v128.load(at, 16);
  const y0 = v128.load(at, 32), y1 = v128.load(at, 48), y2 = v128.load(at, 64), y3 = v128.load(at, 80);
  let c0 = y0, c1 = y0, c2 = y0, c3 = y0, c4 = y0, c5 = y0, c6 = y0, c7 = y0;
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
  return v128.extract_lane<real>(v128.add<real>(left, right), 0);
}
