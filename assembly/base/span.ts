/** Short runs of memory, for which a call of memory.copy or memory.fill costs more than moving the bytes. */

/** Copies `bytes` bytes of x to out, which do not overlap. The last vector may overlap the one before. */
export function copySpan(out: usize, x: usize, bytes: usize): void {
  if (bytes > 512) {
    memory.copy(out, x, bytes);
    return;
  }
  if (bytes < 16) {
    for (let i: usize = 0; i < bytes; i++) store<u8>(out + i, load<u8>(x + i));
    return;
  }
  const last = bytes - 16;
  for (let i: usize = 0; i < last; i += 16) v128.store(out + i, v128.load(x + i));
  v128.store(out + last, v128.load(x + last));
}

/** n elements of one value */
export function fillSpan<T>(out: usize, n: i32, value: T): void {
  const bytes = <usize>n * sizeof<T>();
  let i: usize = 0;
  if (bytes >= 16) {
    const vector = v128.splat<T>(value);
    for (; i + 16 <= bytes; i += 16) v128.store(out + i, vector);
  }
  for (; i < bytes; i += sizeof<T>()) store<T>(out + i, value);
}

/** out += x over `bytes` bytes of the build's type */
export function addSpan(out: usize, x: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(out + i, v128.add<real>(v128.load(out + i), v128.load(x + i)));
  for (; i < bytes; i += sizeof<real>()) store<real>(out + i, load<real>(out + i) + load<real>(x + i));
}
