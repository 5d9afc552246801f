/** Stable sorting along the last dimension: a bottom-up merge of positions, so that equal elements keep their order. */
import { ITEM } from "./simd";

/**
 * Rows [begin, end) of x [rows, n]: values sorted, indices (int32) where they were. NaN counts as the largest.
 * `work` holds n int32s.
 */
export function sort(
  values: usize, indices: usize, x: usize, n: i32, descending: i32, work: usize, begin: i32, end: i32,
): void {
  for (let row = begin; row < end; row++) {
    const from = x + <usize>row * n * ITEM;
    const order = indices + (<usize>row * n << 2);
    for (let i = 0; i < n; i++) store<i32>(order + (<usize>i << 2), i);
    sortPositions(order, from, n, descending, work);
    const to = values + <usize>row * n * ITEM;
    for (let i = 0; i < n; i++) {
      store<real>(to + <usize>i * ITEM, load<real>(from + <usize>load<i32>(order + (<usize>i << 2)) * ITEM));
    }
  }
}

function sortPositions(order: usize, x: usize, n: i32, descending: i32, work: usize): void {
  for (let width = 1; width < n; width *= 2) {
    for (let low = 0; low < n - width; low += 2 * width) {
      merge(order, x, low, low + width, min(low + 2 * width, n), descending, work);
    }
  }
}

/** Merges the sorted runs [low, middle) and [middle, high); only the left one needs a copy. */
function merge(order: usize, x: usize, low: i32, middle: i32, high: i32, descending: i32, work: usize): void {
  const count = middle - low;
  memory.copy(work, order + (<usize>low << 2), <usize>count << 2);
  let left = 0;
  let right = middle;
  for (let to = low; left < count; to++) {
    const a = load<i32>(work + (<usize>left << 2));
    let take = a;
    if (right < high) {
      const b = load<i32>(order + (<usize>right << 2));
      const first = load<real>(x + <usize>a * ITEM);
      const second = load<real>(x + <usize>b * ITEM);
      if (descending ? below(first, second) : below(second, first)) {
        take = b;
        right++;
        left--;
      }
    }
    left++;
    store<i32>(order + (<usize>to << 2), take);
  }
}

@inline
function below(a: real, b: real): bool {
  return a < b || (b != b && a == a);
}
