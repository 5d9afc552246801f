import { decodeImage } from "../../formats/image/decode.js";
import { type Image, toRgb } from "../../formats/image/image.js";
import { readSource, type Source } from "../../platform/files.js";
import { checkSampleIndex } from "../loading/dataset.js";
import { ReadAhead } from "../loading/read-ahead.js";

/** Pictures in files, by number: where each is, and what errors call it. */
export type PictureFiles = { readonly length: number; source(index: number): Source; name(index: number): string };

/** Reads and decodes pictures when they are asked for; the files of those announced are read before. */
export class LazyImages {
  private readonly ahead: ReadAhead;

  /** @param owner the data set, for errors */
  constructor(
    private readonly owner: string,
    private readonly files: PictureFiles,
  ) {
    this.ahead = new ReadAhead((index) => readSource(`${owner}.get`, files.source(index)));
  }

  /** A picture with three channels. */
  async image(index: number): Promise<Image> {
    checkSampleIndex(`${this.owner}.image`, index, this.files.length);
    return toRgb(decodeImage(await this.ahead.take(index), { name: this.files.name(index) }));
  }

  prefetch(indices: readonly number[]): void {
    for (const index of indices) checkSampleIndex(`${this.owner}.prefetch`, index, this.files.length);
    this.ahead.want(indices);
  }
}
