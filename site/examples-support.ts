/**
 * Stands in for examples/support on the page, which has no terminal and no folders. The page uses the networks and
 * numbers of the examples, and never calls their `main`.
 */
export type { Log } from "../examples/support/console.js";
export type { DataOptions, Faces, Images } from "../examples/support/data.js";

function absent(): never {
  throw new Error("the examples' programs do not run on the page");
}

export {
  absent as canResume,
  absent as canvasBelow,
  absent as isEntryPoint,
  absent as openCelebA,
  absent as openCifar10,
  absent as print,
  absent as progress,
  absent as progressBar,
  absent as progressHeading,
  absent as resumedAt,
  absent as table,
};
