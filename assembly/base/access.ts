/**
 * How a loop reads and writes memory: by whole vectors, or by single elements. A loop's body and its tail run the same
 * vector arithmetic through these two classes, so that an element's bits do not depend on where a range begins or ends.
 */
export class Whole {
  @inline load(p: usize): v128 { return v128.load(p); }
  @inline store(p: usize, v: v128): void { v128.store(p, v); }
}

/** One element in every lane; lane 0 is written back. */
export class Single {
  @inline load(p: usize): v128 { return v128.load_splat<real>(p); }
  @inline store(p: usize, v: v128): void { store<real>(p, v128.extract_lane<real>(v, 0)); }
}
