import { packTar } from "modern-tar";

/** Made-up files of CIFAR-10's binary version: `count` records a file, their bytes drawn by a small generator. */
export function cifarFiles(count: number): Record<string, Uint8Array<ArrayBuffer>> {
  const names = ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"];
  return Object.fromEntries(names.map((name, i) => [`${name}.bin`, records(count, i + 1)]));
}

function records(count: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * 3073);
  let state = seed;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = i % 3073 === 0 ? (state >>> 8) % 10 : state >>> 24;
  }
  return bytes;
}

export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** The files of the archive: in a folder, beside other files that no test needs. */
export async function tarOf(files: Record<string, Uint8Array>, folder: string): Promise<Uint8Array<ArrayBuffer>> {
  const all = Object.entries({ "readme.html": new Uint8Array(700), ...files });
  return packTar([
    { header: { name: `${folder}/`, type: "directory", size: 0 } },
    ...all.map(([name, body]) => ({ header: { name: `${folder}/${name}`, size: body.length }, body })),
  ]);
}
