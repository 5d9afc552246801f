import { manualSeed, rand, setDefaultDtype, type Tensor, tensor, zeros } from "simdgrad";
import {
  centerCrop,
  compose,
  type Image,
  normalize,
  type PictureTransform,
  randomCrop,
  randomHorizontalFlip,
  resize,
  toTensor,
  transforms,
} from "simdgrad/data";
import { describe, expect, it } from "vitest";
import { goldenJson } from "../../support/files.js";

type RandomCropOptions = Extract<Parameters<typeof randomCrop>[1], { padding?: unknown }>;

const golden = goldenJson("transforms.json");
const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, "base64"));
const floats = (text: string): Float32Array => new Float32Array(bytes(text).buffer);

const picture = (text: string, [height, width, channels]: readonly number[]): Image => ({
  data: bytes(text),
  height: height!,
  width: width!,
  channels: channels!,
});
const input = picture(golden.input, [7, 5, 3]);
const asTensor = ({ data, height, width, channels }: Image): Tensor =>
  tensor(Uint8Array.from(data), { shape: [height, width, channels] }).permute(2, 0, 1);

type Shown = { size: [number, number]; data: string };
type Both = { out: Shown[]; after: number };

/** The transform gives torchvision's results for the image and for the tensor, with as many random draws. */
function expectBoth(transform: PictureTransform, { out, after }: Both): void {
  const expected = out.map(({ size: [height, width], data }) => ({ height, width, channels: 3, data: bytes(data) }));
  manualSeed(5);
  expect(out.map(() => transform(input))).toEqual(expected);
  expect(rand(1).item()).toBe(after);
  manualSeed(5);
  for (const image of expected) {
    const x = transform(asTensor(input));
    expect([x.dtype, x.shape]).toEqual(["uint8", [3, image.height, image.width]]);
    expect(x.toTypedArray()).toEqual(asTensor(image).toTypedArray());
  }
}

describe("resize gives Pillow's bytes", () => {
  it.each<Shown & { shape: number[]; input: string; resize: number | number[]; max?: number }>(golden.resize)(
    "$shape to $resize (at most $max)",
    ({ shape, input, resize: to, max, size: [height, width], data }) => {
      const image = picture(input, shape);
      const out = resize(to, max === undefined ? {} : { maxSize: max })(image);
      expect(out).toEqual({ height, width, channels: shape[2], data: bytes(data) });
      expect(image).toEqual(picture(input, shape));
    },
  );
});

describe("as torchvision, of images and of tensors", () => {
  it.each<Both & { size: number | number[] }>(golden.center)("centerCrop $size", ({ size, ...both }) => {
    expectBoth(centerCrop(size), both);
  });

  type Options = { size: number | number[]; pad_if_needed?: boolean; padding_mode?: string } & RandomCropOptions;
  it.each<Both & { options: Options }>(golden.random)("randomCrop $options", ({ options, ...both }) => {
    const { size, pad_if_needed: padIfNeeded = false, padding_mode: mode = "constant", ...rest } = options;
    const paddingMode = mode as NonNullable<RandomCropOptions["paddingMode"]>;
    expectBoth(randomCrop(size, { ...rest, padIfNeeded, paddingMode }), both);
  });

  it.each<Both & { p: number }>(golden.flip)("randomHorizontalFlip $p", ({ p, ...both }) => {
    expectBoth(randomHorizontalFlip(p), both);
  });
});

describe("toTensor and normalize", () => {
  it("give torchvision's numbers to the bit", () => {
    const x = toTensor()(input);
    expect(x.shape).toEqual([3, 7, 5]);
    expect(x.toTypedArray()).toEqual(floats(golden.tensor));
    const half = normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])(x);
    expect(half.toTypedArray()).toEqual(floats(golden.normal));
    const three = normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])(x);
    expect(three.toTypedArray()).toEqual(floats(golden.normal3));
    const one = normalize([0.4], [0.3])(x.double());
    expect(one.toTypedArray()).toEqual(new Float64Array(bytes(golden.normal1).buffer));
    const grey = { data: Uint8ClampedArray.from({ length: 256 }, (_, i) => i), height: 16, width: 16, channels: 1 };
    expect(toTensor()(grey).toTypedArray()).toEqual(floats(golden.every_byte));
  });

  it("follow the default dtype", () => {
    setDefaultDtype("float64");
    try {
      expect(toTensor()(input).dtype).toBe("float64");
    } finally {
      setDefaultDtype("float32");
    }
  });
});

it("compose runs one after the other, with types", () => {
  const all = compose([
    randomHorizontalFlip(1),
    resize([4, 4]),
    transforms.toTensor(),
    normalize([0.5], [0.5]),
    centerCrop(2),
  ]);
  const x: Tensor = all(input);
  expect(x.shape).toEqual([3, 2, 2]);
  const images: Image = compose([centerCrop(2)])(input);
  expect(images.height).toBe(2);
  const count: number = compose([normalize([0], [1]), (y: Tensor) => y.numel])(zeros(3, 2, 2));
  expect(count).toBe(12);
});

it.each<[string, () => unknown, string]>([
  ["no image", () => toTensor()({ data: [1] } as never), "toTensor: expected an image { data: Uint8Array, height"],
  ["null", () => toTensor()(null as never), "got null"],
  [
    "a wrong size",
    () => resize(3)({ ...input, height: 8 }),
    "resize: expected an image { data: Uint8Array, height, width, channels }, got 105 bytes for 8 × 5 × 3",
  ],
  [
    "a tensor to resize",
    () => resize(3)(zeros(3, 4, 4) as never),
    "expected an image, got a tensor. Put it before toTensor()",
  ],
  [
    "four channels",
    () => resize(3)({ data: new Uint8Array(16), height: 2, width: 2, channels: 4 }),
    "expected 1 or 3 channels, got 4",
  ],
  ["a size", () => resize([0, 2]), "expected the shorter edge, or [height, width], got [0, 2]"],
  ["a maximum", () => resize(8, { maxSize: 8 }), "expected a maxSize above the shorter edge's size alone, got 8"],
  [
    "a channel",
    () => normalize([0.5, 0.5], [0.5, 0.5])(zeros(3, 2, 2)),
    "expected a shape [..., C, H, W] with C = 2 channels, as mean and std have, got [3, 2, 2]",
  ],
  [
    "integers",
    () => normalize([0.5], [0.5])(zeros([1, 2, 2], { dtype: "int32" })),
    "normalize: expected float32 or float64, got int32",
  ],
  [
    "an image to normalize",
    () => normalize([0.5], [0.5])(input as never),
    "expected a tensor, got something else. Put toTensor() before it",
  ],
  ["zeros", () => normalize([0.5], [0]), "expected std without zeros, got [0]"],
  ["a mean", () => normalize(0.5 as never, [1]), "normalize: expected mean to be a list of numbers, got 0.5"],
  [
    "a small image",
    () => randomCrop([8, 4])(input),
    "randomCrop: expected a picture of at least 8 × 4 pixels, got 7 × 5. Pass padding",
  ],
  ["a padding", () => randomCrop(3, { padding: [1, 2, 3] }), "or [left, top, right, bottom], got [1, 2, 3]"],
  [
    "a mirror",
    () => randomCrop(3, { padding: 5, paddingMode: "reflect" })(input),
    "expected a padding that reflect can take from 7 × 5 pixels, got left 5",
  ],
  ["a probability", () => randomHorizontalFlip(2), "randomHorizontalFlip: expected p to be a number in [0, 1], got 2"],
  ["a vector", () => centerCrop(2)(zeros(4)), "centerCrop: expected an image or a tensor [..., H, W], got shape [4]"],
  [
    "no function",
    () => compose([toTensor(), 5 as never]),
    "compose: expected a list of functions, got 5 at position 1",
  ],
])("transforms refuse %s", (_, run, message) => {
  expect(run).toThrow(message);
});
