import { SimdgradError } from "../base/errors.js";
import { builtin, type NodeFiles } from "./node.js";

/** The size and the background of a picture. */
type Raster = {
  /** Pixels for each unit of the SVG. */
  scale: number;
  /** A CSS colour behind the picture; transparent when left out. */
  background?: string;
};

type Resvg = typeof import("@resvg/resvg-wasm");
type Require = { (name: string): unknown; resolve(name: string): string };
type NodeModules = { createRequire(url: string): Require };

/** DejaVu Sans has the Greek letters, arrows and minus signs that labels use, and is the same on every machine. */
const FONTS = [400, 700].map((weight) => `@fontsource/dejavu-sans/files/dejavu-sans-latin-${weight}-normal.woff2`);
const FAMILY = "DejaVu Sans";

/** Resvg and its fonts, once loaded. */
let renderer: Promise<{ Resvg: Resvg["Resvg"]; fonts: Uint8Array[] }> | undefined;

/** Loads packages at run time, so that bundles for browsers, which have a canvas, do not contain them. */
async function loadResvg({ createRequire }: NodeModules): Promise<{ Resvg: Resvg["Resvg"]; fonts: Uint8Array[] }> {
  const files = builtin<NodeFiles & { readFile(path: string): Promise<Uint8Array<ArrayBuffer>> }>("node:fs/promises")!;
  const require = createRequire(import.meta.url);
  const read = (name: string): Promise<Uint8Array<ArrayBuffer>> => files.readFile(require.resolve(name));
  const { initWasm, Resvg } = require("@resvg/resvg-wasm") as Resvg;
  const [wasm, ...fonts] = await Promise.all(["@resvg/resvg-wasm/index_bg.wasm", ...FONTS].map(read));
  await initWasm(wasm!).catch((error: unknown) => {
    if (!/already initialized/i.test(String(error))) throw error; // the program itself did it, which serves as well
  });
  return { Resvg, fonts };
}

async function inNode(
  modules: NodeModules,
  svg: string,
  { scale, background }: Raster,
): Promise<Uint8Array<ArrayBuffer>> {
  renderer ??= loadResvg(modules).catch((error: unknown) => {
    renderer = undefined; // the next picture tries again
    throw error;
  });
  const { Resvg, fonts } = await renderer;
  // resvg knows CSS's "pixelated" only by SVG's older name
  const image = new Resvg(svg.replaceAll("image-rendering:pixelated", "image-rendering:optimizeSpeed"), {
    fitTo: { mode: "zoom", value: scale },
    ...(background === undefined ? {} : { background }),
    font: {
      fontBuffers: fonts,
      defaultFontFamily: FAMILY,
      sansSerifFamily: FAMILY,
      serifFamily: FAMILY,
      monospaceFamily: FAMILY,
    },
  });
  try {
    const rendered = image.render();
    const png = new Uint8Array(rendered.asPng());
    rendered.free();
    return png;
  } finally {
    image.free();
  }
}

async function inBrowser(svg: string, { scale, background }: Raster): Promise<Uint8Array<ArrayBuffer>> {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(picture.naturalWidth * scale);
  canvas.height = Math.ceil(picture.naturalHeight * scale);
  const context = canvas.getContext("2d")!;
  if (background !== undefined) {
    context.fillStyle = background;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("the canvas is too large");
  return new Uint8Array(await blob.arrayBuffer());
}

/**
 * An SVG as the bytes of a PNG: in Node by resvg, in browsers by the page's own canvas.
 * @param op the function that the user called, for errors
 */
export async function svgToPng(op: string, svg: string, raster: Raster): Promise<Uint8Array<ArrayBuffer>> {
  const modules = builtin<NodeModules>("node:module");
  if (modules === undefined && typeof document === "undefined") {
    throw new SimdgradError(
      op,
      "expected Node or a page to draw a PNG, got a worker",
      "Make the SVG here, draw it there",
    );
  }
  try {
    return await (modules === undefined ? inBrowser(svg, raster) : inNode(modules, svg, raster));
  } catch (error) {
    throw new SimdgradError(op, `cannot draw the SVG: ${error instanceof Error ? error.message : String(error)}`);
  }
}
