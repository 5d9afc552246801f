/** The pictures of example 3: drawings, or CIFAR-10 from files that a visitor chose. */
import { Cifar10, type ImageSet } from "simdgrad/data";
import { syntheticCifar10 } from "simdgrad/synthetic";

export type SceneData = { train: ImageSet; test: ImageSet; source: string; drawn: boolean };

/** Both parts as drawings. Drawing takes one to three seconds, so it happens once. */
export function drawScenes(): SceneData {
  drawn ??= [syntheticCifar10({ train: true }), syntheticCifar10({ train: false })];
  const [train, test] = drawn;
  return { train, test, drawn: true, source: "Drawings in place of CIFAR-10: 5,000 to train, 1,000 to test" };
}

let drawn: [ImageSet, ImageSet] | undefined;

/**
 * Both parts from files: the archive or the batches.
 * @throws FileError for files that are missing or not CIFAR-10
 */
export async function readScenes(files: readonly File[]): Promise<SceneData> {
  const train = await Cifar10.open({ source: files, train: true });
  const test = await Cifar10.open({ source: files, train: false });
  const count = (n: number): string => n.toLocaleString("en-US");
  const source = `Your CIFAR-10 files: ${count(train.length)} pictures to train, ${count(test.length)} to test`;
  return { train, test, source, drawn: false };
}
