import { type Dtype, getDefaultDtype } from "../../base/dtype.js";
import { ShapeError } from "../../base/errors.js";
import { checkArguments, type Kind } from "../../base/signature.js";
import { keep, scope } from "../../memory.js";
import type { Tensor } from "../../methods.js";
import { lookup } from "../../ops/index/lookup.js";
import { tensor } from "../../ops/layout/factories.js";
import { elements, empty } from "../../tensor/tensor.js";
import { compose } from "../images/compose.js";
import type { Image } from "../images/crop-flip-pad.js";
import { normalize, toTensor } from "../images/transforms.js";
import { type Collated, checkSampleIndex, type Dataset } from "../loading/dataset.js";
import { checkSetOptions } from "./set-options.js";

/** The transforms of an {@link ImageSet}. */
export interface ImageSetOptions<T, L> {
  /**
   * Makes T of an image; null leaves the image. By default `toTensor()`, then `normalize` with mean and std 0.5 for
   * every channel, which gives a tensor `[C, H, W]` with numbers in [−1, 1].
   */
  transform?: ((image: Image) => T) | null;
  /** Makes L of a label; by default the number itself, which batches hold as int32. */
  targetTransform?: (label: number) => L;
}

/** Labelled images of one size, in memory. */
export interface LabelledImages {
  /** Bytes [N, C, H, W]. */
  data: Uint8Array;
  /** The class of each image, an index of `classes`. */
  targets: Int32Array;
  /** The names of the classes. */
  classes: readonly string[];
  channels: number;
  height: number;
  width: number;
}

const labelledKind: Kind<LabelledImages> = {
  expected: "images with data, targets, classes, channels, height and width",
  fits: (value): value is LabelledImages =>
    typeof value === "object" &&
    value !== null &&
    ["data", "targets", "classes", "channels", "height", "width"].every((name) => name in value),
};

/**
 * Images of one size with a class each, held in memory as bytes. With the default transforms it makes whole batches at
 * once.
 */
export class ImageSet<T = Tensor, L = number> implements Dataset<[image: T, label: L]>, LabelledImages {
  readonly data: Uint8Array;
  readonly targets: Int32Array;
  readonly classes: readonly string[];
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly length: number;
  /** As {@link Dataset.getBatch}; only defined with the default transforms. */
  readonly getBatch: ((indices: readonly number[]) => Collated<[T, L]>) | undefined;
  private readonly sample: (index: number) => [T, L];

  constructor(...args: [images: LabelledImages, options?: ImageSetOptions<T, L>]) {
    const [images, options = {}] = args;
    checkArguments("ImageSet", { images: labelledKind }, [images]);
    if (new.target === ImageSet) checkSetOptions("ImageSet", args.slice(1), ["transform", "targetTransform"]);
    const { data, targets, classes, channels, height, width } = images;
    if (data.length !== targets.length * channels * height * width) {
      const expected = `${targets.length} images of ${channels} × ${height} × ${width} bytes`;
      throw new ShapeError("ImageSet", `expected ${expected}, one for each label, got ${data.length} bytes`);
    }
    this.data = data;
    this.targets = targets;
    this.classes = classes;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.length = targets.length;
    const { transform, targetTransform } = options;
    const label = (index: number): L => targetOf(targets[index]!, targetTransform);
    if (transform === undefined) {
      const table = valuesOfBytes(channels);
      this.sample = (index) => [scope(() => lookup(this.bytes([index]), table()).select(0, 0)) as T, label(index)];
      if (targetTransform === undefined) this.getBatch = (indices) => this.batch(indices, table()) as Collated<[T, L]>;
    } else {
      const picture = transform ?? ((image: Image) => image as T);
      this.sample = (index) => [picture(this.image(index)), label(index)];
    }
  }

  /** A transformed image and its transformed label. */
  get(index: number): [image: T, label: L] {
    checkSampleIndex("ImageSet.get", index, this.length);
    return this.sample(index);
  }

  /** One image before the transform. */
  image(index: number): Image {
    checkSampleIndex("ImageSet.image", index, this.length);
    const { channels, height, width } = this;
    const pixels = height * width;
    const out = new Uint8Array(pixels * channels);
    for (let c = 0, from = index * out.length; c < channels; c++) {
      for (let i = c; i < out.length; i += channels) out[i] = this.data[from++]!;
    }
    return { data: out, height, width, channels };
  }

  private batch(indices: readonly number[], table: Tensor): [Tensor, Tensor] {
    for (const index of indices) checkSampleIndex("ImageSet.getBatch", index, this.length);
    return scope(() => {
      const labels = Int32Array.from(indices, (index) => this.targets[index]!);
      return [lookup(this.bytes(indices), table), tensor(labels)];
    });
  }

  /** The bytes of some images, [n, C, H, W]. */
  private bytes(indices: readonly number[]): Tensor {
    const { channels, height, width, data } = this;
    const size = channels * height * width;
    const out = empty("images", [indices.length, channels, height, width], "uint8");
    const into = elements(out);
    indices.forEach((index, i) => {
      into.set(data.subarray(index * size, (index + 1) * size), i * size);
    });
    return out;
  }
}

function targetOf<L>(label: number, transform: ((label: number) => L) | undefined): L {
  return transform === undefined ? (label as L) : transform(label);
}

/** The default transform's value of each byte in each channel, [channels, 256], in the current default dtype. */
function valuesOfBytes(channels: number): () => Tensor {
  const half = Array<number>(channels).fill(0.5);
  const transform = compose([toTensor(), normalize(half, half)]);
  const tables = new Map<Dtype, Tensor>();
  return () => {
    const dtype = getDefaultDtype();
    const known = tables.get(dtype);
    if (known !== undefined && !known.storage.freed) return known;
    const data = Uint8Array.from({ length: 256 * channels }, (_, i) => Math.floor(i / channels));
    const made = keep(scope(() => transform({ data, height: 1, width: 256, channels }).view(channels, 256)));
    tables.set(dtype, made);
    return made;
  };
}
