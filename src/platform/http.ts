import { FileError } from "../base/errors.js";

/** A server's answer: the bytes of a file from some position on. */
type Answer = {
  /** The position of the first byte: the one asked for, or 0 when the server does not support ranges. */
  from: number;
  /** The size of the whole file, if the server tells it. */
  total: number | undefined;
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
};

/** A request that failed; `retry` tells whether another try may succeed. */
export class RequestError extends FileError {
  constructor(
    op: string,
    readonly problem: string,
    hint: string,
    readonly retry: boolean,
  ) {
    super(op, problem, hint);
  }
}

const AGAIN = "Check the connection and the address, and try again";

/** The status codes of busy servers. */
const PASSING = [408, 425, 429, 500, 502, 503, 504];

/** Requests the bytes of a file from a position on. Returns null when the file ends there. */
export async function request(op: string, url: string, from: number, signal?: AbortSignal): Promise<Answer | null> {
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (from > 0) headers.range = `bytes=${from}-`;
  let response: Response;
  try {
    response = await fetch(url, { headers, signal: signal ?? null });
  } catch (error) {
    throw failed(op, url, error, signal);
  }
  const { status, body } = response;
  if (status === 416) {
    await body?.cancel();
    return null;
  }
  if ((status !== 200 && status !== 206) || body === null) {
    await body?.cancel();
    const problem = `cannot download ${url}: the server says ${status} ${response.statusText}`.trimEnd();
    throw new RequestError(op, problem, "Check the address, or get the file by hand", PASSING.includes(status));
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)/.exec(response.headers.get("content-range") ?? "");
  const encoded = (response.headers.get("content-encoding") ?? "identity") !== "identity";
  const length = encoded ? Number.NaN : Number(response.headers.get("content-length") ?? Number.NaN);
  if (status === 206) return { from: Number(range?.[1] ?? from), total: sizeOf(Number(range?.[2])), body };
  return { from: 0, total: sizeOf(length), body };
}

const sizeOf = (n: number): number | undefined => (Number.isSafeInteger(n) && n >= 0 ? n : undefined);

/** The bytes of an answer. Throws a RequestError when the connection breaks. */
export async function* chunksOf(op: string, url: string, answer: Answer, signal?: AbortSignal) {
  const reader = answer.body.getReader();
  let at = answer.from;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw failed(op, url, error, signal);
      });
      if (done) break;
      at += value.length;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  if (answer.total !== undefined && at < answer.total) {
    throw new RequestError(op, `the download of ${url} broke off: ${at} of ${answer.total} bytes came`, AGAIN, true);
  }
}

function failed(op: string, url: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
  const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
  return new RequestError(op, `cannot download ${url}: ${reason}`, AGAIN, true);
}
