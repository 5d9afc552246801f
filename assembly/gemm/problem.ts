/**
 * A product: C[z] = A[z]·B[z] (+ D[z]) for z in [0, batch), A: m × k, B: k × n, C and D: m × n, through any strides. A
 * stride of 0 broadcasts (a bias is a D whose rows are 0 apart); D = C accumulates; D = 0 is no D.
 */
import { ITEM_SIZE, LANES } from "../base/simd";
import { COLUMNS, transposesB } from "./blocking";

/** The struct a caller fills: pointers, sizes, then strides in elements (per matrix: down, across, from z to z + 1). */
@unmanaged
export class Problem {
  a: usize; b: usize; c: usize; d: usize;
  batch: i32; m: i32; n: i32; k: i32;
  downA: usize; acrossA: usize; stepA: usize;
  downB: usize; acrossB: usize; stepB: usize;
  downC: usize; acrossC: usize; stepC: usize;
  downD: usize; acrossD: usize; stepD: usize;
}

/**
 * What the loops compute; strides are in bytes. z counts the groups of all images (a plain product has one image, whose
 * groups are its batch): the operands of group g of image i begin at i·jump + g·step. Each C is a sum of `sums`
 * products, whose factors lie `next` apart. B may be indirect: element (p, j) lies at b + downs[p] + acrosses[j], by
 * two tables of byte offsets (its strides are then 0).
 */
@unmanaged
export class Plan {
  a: usize; b: usize; c: usize; d: usize;
  batch: i32; m: i32; n: i32; k: i32;
  downA: usize; acrossA: usize; stepA: usize; jumpA: usize; nextA: usize;
  downB: usize; acrossB: usize; stepB: usize; jumpB: usize; nextB: usize;
  downC: usize; acrossC: usize; stepC: usize; jumpC: usize;
  downD: usize; acrossD: usize; stepD: usize; jumpD: usize;
  groups: i32; sums: i32;
  downs: usize; acrosses: usize;
}

/**
 * Whether to compute Cᵀ = Bᵀ·Aᵀ instead: the same sums, so the same bits. It pays in two cases. A tile reads its second
 * operand in vectors along n, so a B with contiguous columns must be packed, and few rows of A do not repay that:
 * swapped, the smaller operand is packed and B is read in place. (Up to four float32 rows are faster unswapped.) And up
 * to four float32 columns of B leave lanes idle: swapped, they are rows, and a large A is transposed in registers
 * (transposesB).
 */
export function swaps(p: Problem): bool {
  if (p.n < p.m && transposesB(p.n, p.m, p.acrossA * ITEM_SIZE, p.downA * ITEM_SIZE)) return true;
  const least = sizeof<real>() == 4 ? LANES : 0;
  return p.m > least && p.m <= 2 * COLUMNS && p.m < p.n && p.downB == 1 && p.acrossB != 1;
}

/** Writes the plan of a product to `to`, swapped if that pays. */
export function orient(p: Problem, to: Plan): void {
  const swap = swaps(p);
  memory.fill(changetype<usize>(to), 0, offsetof<Plan>());
  to.batch = p.batch, to.groups = p.batch, to.sums = 1;
  to.m = swap ? p.n : p.m;
  to.n = swap ? p.m : p.n;
  to.k = p.k;
  to.a = swap ? p.b : p.a;
  to.downA = ITEM_SIZE * (swap ? p.acrossB : p.downA);
  to.acrossA = ITEM_SIZE * (swap ? p.downB : p.acrossA);
  to.stepA = ITEM_SIZE * (swap ? p.stepB : p.stepA);
  to.b = swap ? p.a : p.b;
  to.downB = ITEM_SIZE * (swap ? p.acrossA : p.downB);
  to.acrossB = ITEM_SIZE * (swap ? p.downA : p.acrossB);
  to.stepB = ITEM_SIZE * (swap ? p.stepA : p.stepB);
  to.c = p.c;
  to.downC = ITEM_SIZE * (swap ? p.acrossC : p.downC);
  to.acrossC = ITEM_SIZE * (swap ? p.downC : p.acrossC);
  to.stepC = ITEM_SIZE * p.stepC;
  to.d = p.d;
  to.downD = ITEM_SIZE * (swap ? p.acrossD : p.downD);
  to.acrossD = ITEM_SIZE * (swap ? p.downD : p.acrossD);
  to.stepD = ITEM_SIZE * p.stepD;
}
