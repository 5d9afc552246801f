import { FileError } from "../base/errors.js";
import type { Reader } from "./files.js";

const CHUNK = 1 << 20;

/** All bytes of a reader, in pieces of 1 MiB. */
export function streamOf(reader: Reader): ReadableStream<Uint8Array<ArrayBuffer>> {
  let from = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        const length = Math.min(CHUNK, reader.size - from);
        if (length > 0) controller.enqueue(await reader.read(from, length));
        else controller.close();
        from += length;
      },
    },
    { highWaterMark: 1 },
  );
}

/** Unpacks gzip. Errors in the data name the file. */
export function gunzip(
  op: string,
  name: string,
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const source = packed.pipeThrough(new DecompressionStream("gzip")).getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await source.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        if (error instanceof FileError) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        throw new FileError(op, `cannot unpack ${name}: it is cut short or damaged (${reason})`, "Get the file again");
      }
    },
    cancel: (reason) => source.cancel(reason),
  });
}
