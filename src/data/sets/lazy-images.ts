import { decodeImage } from "../../formats/image/decode-image.js";
import { type Image, toRgb } from "../../formats/image/image.js";
import { readSource } from "../../platform/files.js";
import { checkSampleIndex } from "../loading/dataset.js";
import { ReadAhead } from "../loading/read-ahead.js";
import type { FileTree } from "./file-tree.js";

/** Paths in a tree, by index. */
export type Paths = { readonly length: number; at(index: number): string };

/** Reads and decodes pictures when they are needed; `prefetch` begins to read files before. */
export class LazyImages {
  private readonly ahead: ReadAhead;

  /** @param owner the data set, for errors */
  constructor(
    private readonly owner: string,
    private readonly tree: FileTree,
    private readonly paths: Paths,
  ) {
    this.ahead = new ReadAhead((index) => readSource(`${owner}.get`, tree.source(paths.at(index))));
  }

  /** A picture with three channels. */
  async image(index: number): Promise<Image> {
    checkSampleIndex(`${this.owner}.image`, index, this.paths.length);
    return toRgb(decodeImage(await this.ahead.take(index), { name: this.tree.nameOf(this.paths.at(index)) }));
  }

  prefetch(indices: readonly number[]): void {
    for (const index of indices) checkSampleIndex(`${this.owner}.prefetch`, index, this.paths.length);
    this.ahead.want(indices);
  }
}
