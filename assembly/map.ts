import { LANES } from "./simd";
export class Unary { }
// @ts-ignore
@inline
export function map<Op>(out: usize, x: usize, begin: i32, end: i32): void {
  const op = changetype<Op>(0);
  let i = <usize>begin * sizeof<real>();
  const last = <usize>end * sizeof<real>();
  for (; i + 16 <= last; i += 16) v128.store(out + i, op.vec(v128.load(x + i)));
  for (; i < last; i += sizeof<real>()) store<real>(out + i, op.one(load<real>(x + i)));
}
