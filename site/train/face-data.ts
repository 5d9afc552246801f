/** Example 4's faces. Drawing a face takes longer than training on it, so small faces are kept. */
import { type Tensor, tensor } from "simdgrad";
import { type Dataset, type Image, transforms } from "simdgrad/data";
import { syntheticFaces } from "simdgrad/synthetic";
import { SIDES, type Size } from "./faces-net.js";

export type FaceSet = Dataset<[image: Tensor, attributes: Tensor]> & {
  readonly attributes: readonly string[];
  image(index: number): Image;
  target(index: number): Float32Array;
};

/** The number of small faces: few enough to draw all in 15 seconds. */
const SMALL = { train: 400, test: 100 };

const remembered: Partial<Record<string, FaceSet>> = {};

/**
 * A part of the faces for a network: as many as the example uses, or for the small network as many as a page can draw.
 */
export function openFaces(size: Size, split: "train" | "test"): FaceSet {
  if (size === "full") return syntheticFaces({ split });
  remembered[split] ??= smallFaces(split);
  return remembered[split];
}

function smallFaces(split: "train" | "test"): FaceSet {
  const faces = syntheticFaces({ split, size: SMALL[split], transform: null });
  const shrink = transforms.resize(SIDES.small);
  const toTensor = transforms.toTensor();
  const drawn: Image[] = [];
  const image = (index: number): Image => {
    drawn[index] ??= shrink(faces.image(index));
    return drawn[index];
  };
  return {
    attributes: faces.attributes,
    length: faces.length,
    image,
    target: (index) => faces.target(index),
    get: (index) => [toTensor(image(index)), tensor(faces.target(index))],
  };
}
