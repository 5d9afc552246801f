/**
 * Bytes to numbers by a table: out[p][i] = table[p % channels][x[p][i]], 256 numbers for each channel. A unit is a
 * plane of `size` elements.
 */
export function lookup(out: usize, x: usize, table: usize, channels: i32, size: i32, begin: i32, end: i32): void {
  for (let plane = begin; plane < end; plane++) {
    const own = table + (<usize>(plane % channels) << 8) * sizeof<real>();
    let from = x + <usize>plane * size;
    let to = out + <usize>plane * size * sizeof<real>();
    for (const stop = from + size; from < stop; from++, to += sizeof<real>()) {
      store<real>(to, load<real>(own + <usize>load<u8>(from) * sizeof<real>()));
    }
  }
}
