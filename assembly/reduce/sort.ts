/**
 * Stable sorting along the last dimension, by a bottom-up merge of positions, so that equal elements keep their order;
 * and top-k, the first k of that order.
 */
import { ITEM_SIZE, LANES } from "../base/simd";

/**
 * Rows [begin, end) of x [rows, n]: values in order, indices (int32) their positions in x. NaN counts as the largest.
 * `work` holds n int32s.
 */
export function sort(
  values: usize, indices: usize, x: usize, n: i32, descending: i32, work: usize, begin: i32, end: i32,
): void {
  for (let row = begin; row < end; row++) {
    const from = x + <usize>row * n * ITEM_SIZE;
    const order = indices + (<usize>row * n << 2);
    for (let i = 0; i < n; i++) store<i32>(order + (<usize>i << 2), i);
    sortPositions(order, from, n, descending, work);
    const to = values + <usize>row * n * ITEM_SIZE;
    for (let i = 0; i < n; i++) {
      store<real>(to + <usize>i * ITEM_SIZE, load<real>(from + <usize>load<i32>(order + (<usize>i << 2)) * ITEM_SIZE));
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

/** Merges the sorted runs [low, middle) and [middle, high); only the left one is copied. */
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
      const first = load<real>(x + <usize>a * ITEM_SIZE);
      const second = load<real>(x + <usize>b * ITEM_SIZE);
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

/**
 * The first k >= 1 of each row of x [rows, n] in the order of `sort`, and their positions: values and indices [rows,
 * k]. The best so far are kept in order while the row is read, mostly a vector at a time; elements after the k-th are
 * skipped.
 */
export function topk(
  values: usize, indices: usize, x: usize, n: i32, k: i32, descending: i32, begin: i32, end: i32,
): void {
  for (let row = begin; row < end; row++) {
    const from = x + <usize>row * n * ITEM_SIZE;
    const best = values + <usize>row * k * ITEM_SIZE, where = indices + (<usize>row * k << 2);
    for (let i = 0; i < n; ) {
      const at = from + <usize>i * ITEM_SIZE;
      if (i >= k && i + LANES <= n) {
        const last = v128.load_splat<real>(best + <usize>(k - 1) * ITEM_SIZE), next = v128.load(at);
        const after = descending ? v128.le<real>(next, last) : v128.ge<real>(next, last); // a NaN is looked at
        if (!v128.any_true(v128.not(after))) {
          i += LANES;
          continue;
        }
      }
      insert(best, where, min(i, k), k, load<real>(at), i, descending);
      i++;
    }
  }
}

/** Inserts an element into the first `count` of k, behind equal ones; an element past k is dropped. */
function insert(best: usize, where: usize, count: i32, k: i32, value: real, place: i32, descending: i32): void {
  let low = 0, high = count;
  while (low < high) {
    const middle = (low + high) >> 1, other = load<real>(best + <usize>middle * ITEM_SIZE);
    if (descending ? below(other, value) : below(value, other)) high = middle;
    else low = middle + 1;
  }
  if (low == k) return;
  const to = best + <usize>low * ITEM_SIZE, at = where + (<usize>low << 2);
  let moved = <usize>(min(count, k - 1) - low);
  if (moved > 16) {
    memory.copy(to + ITEM_SIZE, to, moved * ITEM_SIZE);
    memory.copy(at + 4, at, moved << 2);
  } else {
    for (; moved > 0; moved--) { // a call for a few elements takes longer
      store<real>(to + moved * ITEM_SIZE, load<real>(to + (moved - 1) * ITEM_SIZE));
      store<i32>(at + (moved << 2), load<i32>(at + (moved - 1 << 2)));
    }
  }
  store<real>(to, value);
  store<i32>(at, place);
}
