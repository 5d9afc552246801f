import { nn, rand, SimdgradError, type Tensor } from "simdgrad";
import { decodeImage, decodeJpeg, decodePng, defaultCollate } from "simdgrad/data";
import * as viz from "simdgrad/viz";
import { describe, expect, it } from "vitest";
import { callOf } from "../../support/walk.js";

const bytes = new Uint8Array(3);

/** One right call for each name, but for the decoders, whose bytes are no picture. */
const CALLS: Readonly<Record<string, [f: unknown, ...args: unknown[]]>> = {
  confusionMatrix: [viz.confusionMatrix, [0, 1], [0, 1], 2],
  decisionBoundary: [
    viz.decisionBoundary,
    (x: Tensor) => x.sum(1),
    [
      [0, 0],
      [1, 1],
    ],
    [0, 1],
  ],
  histogram: [viz.histogram, [1, 2, 3]],
  imshow: [viz.imshow, rand(3, 4, 4)],
  linePlot: [viz.linePlot, { a: [1, 2] }],
  makeGrid: [viz.makeGrid, rand(2, 3, 4, 4)],
  plotFunction: [viz.plotFunction, (x: Tensor) => x, 0, 1],
  scatter: [
    viz.scatter,
    [
      [0, 0],
      [1, 1],
    ],
    [0, 1],
  ],
  buildGraph: [viz.buildGraph, new nn.Linear(2, 1), rand(1, 2)],
  makeDot: [viz.makeDot, new nn.Parameter(rand(2)).mul(2)],
  summary: [viz.summary, new nn.Linear(2, 1), [1, 2]],
  checkHead: [viz.checkHead, new nn.Linear(2, 1), new nn.MSELoss()],
  recommend: [viz.recommend, "binary"],
  Canvas: [viz.Canvas],
  History: [viz.History],
  decodeImage: [decodeImage, bytes],
  decodeJpeg: [decodeJpeg, bytes],
  decodePng: [decodePng, bytes],
  defaultCollate: [defaultCollate, [1, 2]],
};

const WRONG: readonly [kind: string, value: unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ["NaN", Number.NaN],
  ["a word", "a word"],
  ["a symbol", Symbol("s")],
  ["an empty object", {}],
  ["an array", [[Symbol("s")]]],
  ["a big integer", 7n],
];

describe("the calls of simdgrad/viz, and decoders", () => {
  it.each(Object.entries(CALLS))("%s refuses by the library's own errors", (_, [f, ...args]) => {
    const call = callOf(f);
    const faults: string[] = [];
    const refuse = (what: string, given: unknown[], mayPass: boolean): void => {
      try {
        call(...given);
        if (!mayPass) faults.push(`${what}: accepted`);
      } catch (error) {
        if (!(error instanceof SimdgradError)) faults.push(`${what}: ${String(error)}`);
      }
    };
    refuse("an unknown option", [...args, { definitelyUnknown: 1 }], false);
    refuse("surplus arguments", [...args, {}, ...Array<number>(9).fill(1)], false);
    args.forEach((_, i) => {
      for (const [kind, value] of WRONG) {
        refuse(`${kind} at ${i}`, [...args.slice(0, i), value, ...args.slice(i + 1)], true);
      }
    });
    expect(faults).toEqual([]);
  });
});
