/**
 * a·b + c in the sums of products. The ordinary builds round twice, which gives the same bits on every machine; the
 * relaxed ones (`simdgrad/relaxed`) let the machine choose: one with fused multiply-add rounds once.
 */
@inline
export function mulAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? v128.relaxed_madd<real>(a, b, c) : v128.add<real>(c, v128.mul<real>(a, b));
}
