// Which of the three routes a convolution takes. docs/internals/convolutions.md describes them, with measured figures.

/** What is computed: the output, or the gradient of the input or of the weights. */
export type Wanted = "output" | "input" | "weight";

/** Sizes that the choice reads, of one group of channels. Rows of pixels lie along the width. */
export type Sizes = {
  outs: number;
  /** Elements of the window, over the channels: the weights of an output. */
  patchSize: number;
  windowWidth: number;
  /** Of an output plane. */
  pixels: number;
  outWidth: number;
  strideWidth: number;
  dilationWidth: number;
  /** Elements of a 128-bit vector. */
  lanes: number;
};

/**
 * How it is computed.
 * - product: as a product of matrices, with patches of x that are packed into panels (assembly/gemm).
 * - slide: along rows of pixels that are read where they lie (assembly/conv/slide-*.ts).
 * - sparse: by lists of the elements of dOut that are not 0 (assembly/conv/sparse-*.ts).
 */
export type Route = "product" | "slide" | "sparse";

/** What the choice asks of the numbers. Each is asked only where the sizes leave a choice. */
export type Measured = {
  /** The share of dOut, [images, groups·outs, oH, oW], that is not 0. */
  density: () => number;
  /** Whether the other operand (x for the weights' gradient, w for the input's) has neither Inf nor NaN. */
  allFinite: () => boolean;
};

/** @internal The routes that may be taken. `npm run bench` switches one off at a time, and nothing else writes here. */
export const allowed = { slide: true, sparse: true };

/** Up to so many outputs, or so many weights per output, sliding is faster than a product, which packs x first. */
const FEW_OUTS = 8;
const FEW_WEIGHTS = 32;

/** Vectors of the longest chunk of a product's sum (DEPTH in assembly/gemm/blocking.ts). */
const CHUNK = 128;
/** The largest plane of dOut whose lists fit into the workspace. */
const MOST_PIXELS = 1 << 17;

/** Cycles: to put an element on a list; to multiply a vector of the window by it; to multiply a vector in a product. */
const LISTING = 2;
const LISTED_VECTOR = 1;
const PRODUCT_VECTOR = 0.55;

/**
 * Whether the gradient of weights has one sum for each lane, which runs along rows of pixels. Otherwise it adds as the
 * product of matrices does. The bits depend on this order, so it depends on sizes alone.
 */
export function addsByRows(s: Sizes): boolean {
  const isSmall = s.outs <= FEW_OUTS || s.patchSize <= FEW_WEIGHTS;
  return allowed.slide && isSmall && s.dilationWidth === 1 && canSlide(s);
}

/** Chooses the route. No bit depends on it beyond {@link addsByRows}: lists keep the order of the route they replace. */
export function routeOf(wanted: Wanted, s: Sizes, measured: Measured): Route {
  if (wanted === "output") return allowed.slide && s.outs <= FEW_OUTS && canSlide(s) ? "slide" : "product";
  const dense = wanted === "weight" && addsByRows(s) ? "slide" : "product";
  if (!allowed.sparse || !canList(wanted, dense, s)) return dense;
  // Lists leave out products with 0, which are NaN where the other factor is Inf or NaN.
  return listsPay(s, measured.density()) && measured.allFinite() ? "sparse" : dense;
}

/**
 * Whether rows can be read where they lie: neighbours in a row of out see neighbours in x, a row fills a vector, and a
 * product would add all of a window in one chunk, too.
 */
function canSlide(s: Sizes): boolean {
  return s.strideWidth === 1 && s.outWidth >= s.lanes && s.patchSize <= CHUNK * s.lanes;
}

/**
 * Whether the kernels with lists can compute it: a row of the window fits two vectors, the lists fit the workspace, and
 * a product would add all outputs for an element of dP in one chunk, too.
 */
function canList(wanted: "input" | "weight", dense: Route, s: Sizes): boolean {
  if (s.pixels === 1 || s.dilationWidth !== 1 || s.windowWidth > 2 * s.lanes) return false;
  return wanted === "input" ? s.outs <= CHUNK * s.lanes : dense === "product" || s.pixels <= MOST_PIXELS;
}

/** Whether lists are cheaper: listing each element and multiplying those listed, or multiplying all. */
function listsPay(s: Sizes, density: number): boolean {
  const vectors = (s.patchSize / s.windowWidth) * (s.windowWidth > s.lanes ? 2 : 1);
  return LISTING + density * LISTED_VECTOR * vectors < (PRODUCT_VECTOR * s.patchSize) / s.lanes;
}
