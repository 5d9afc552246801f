import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cifar10, type DownloadOptions, type DownloadProgress } from "simdgrad/data";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cifarFiles, gzip, tarOf } from "../../support/cifar.js";

const NAME = "cifar-10-binary.tar.gz";
const home = mkdtempSync(join(tmpdir(), "download-"));
let archive: Uint8Array<ArrayBuffer>;
let md5: string;
let server: Server;
let url: string;
/** The server's answers to the requests, in order. The last one repeats. */
let behaviour: ((request: IncomingMessage, response: ServerResponse) => void)[] = [];
let ranges: (string | undefined)[] = [];
let folders = 0;

const root = (): string => join(home, String(folders));
const path = (ending = ""): string => join(root(), NAME + ending);

beforeAll(async () => {
  archive = await gzip(await tarOf(cifarFiles(40), "cifar-10-batches-bin"));
  md5 = createHash("md5").update(archive).digest("hex");
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    const [next] = behaviour.length > 1 ? behaviour.splice(0, 1) : behaviour;
    next!(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${NAME}`;
});
beforeEach(() => {
  folders++;
  ranges = [];
});
afterAll(() => {
  server.close();
  rmSync(home, { recursive: true, force: true });
});

type Behaviour = (typeof behaviour)[number];

const startOf = (request: IncomingMessage): number =>
  Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);

/** Sends the file from the requested byte on. */
const whole: Behaviour = (request, response) => {
  const from = startOf(request);
  if (from >= archive.length) {
    response.writeHead(416, { "content-range": `bytes */${archive.length}` }).end();
    return;
  }
  const range = from > 0 ? { "content-range": `bytes ${from}-${archive.length - 1}/${archive.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { "content-length": archive.length - from, ...range });
  response.end(archive.subarray(from));
};

/** Ignores the requested range. */
const fromStart: Behaviour = (_, response) => {
  response.writeHead(200, { "content-length": archive.length });
  response.end(archive);
};

/** Sends some bytes from the requested one on, then breaks the connection. */
const breakingAfter =
  (count: number): Behaviour =>
  (request, response) => {
    const from = startOf(request);
    const range = from > 0 ? { "content-range": `bytes ${from}-${archive.length - 1}/${archive.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { "content-length": archive.length - from, ...range });
    response.write(archive.subarray(from, from + count), () => setTimeout(() => response.destroy(), 30));
  };

const status =
  (code: number): Behaviour =>
  (_, response) => {
    response.writeHead(code).end("no");
  };

const open = (options: DownloadOptions = {}) =>
  Cifar10.open({ root: root(), train: false, download: { url, md5, retryDelay: 1, ...options } });

/** The download is complete, and there are no other files. */
function expectWhole(): void {
  expect(readdirSync(root())).toEqual([NAME]);
  expect(Buffer.compare(readFileSync(path()), archive)).toBe(0);
}

describe("download", () => {
  it("brings the archive, says how far it is, and does it once", async () => {
    behaviour = [whole];
    const progress: DownloadProgress[] = [];
    const set = await open({ onProgress: (p) => progress.push(p) });
    expect(set.length).toBe(40);
    expectWhole();
    expect(progress[0]).toEqual({ loaded: 0, total: archive.length, url });
    expect(progress.at(-1)).toEqual({ loaded: archive.length, total: archive.length, url });
    expect((await open()).length).toBe(40);
    expect((await Cifar10.open({ root: root(), train: false })).length).toBe(40);
    expect(ranges).toEqual([undefined]);
  });

  it("is one for two data sets that are opened together, and is tried again by the second where it fails", async () => {
    behaviour = [whole];
    await Promise.all([open(), open()]);
    expectWhole();
    expect(ranges).toEqual([undefined]);
    folders++;
    behaviour = [status(404), whole];
    const ends = await Promise.allSettled([open(), open()]); // either may send the first request
    expect(ends.map((end) => end.status).sort()).toEqual(["fulfilled", "rejected"]);
    expectWhole();
  });

  it("goes on where the line broke, within a call and in the next one", async () => {
    behaviour = [breakingAfter(50_000), breakingAfter(60_000), whole];
    await open();
    expectWhole();
    expect(ranges).toEqual([undefined, "bytes=50000-", "bytes=110000-"]);

    folders++;
    ranges = [];
    behaviour = [breakingAfter(70_000)];
    await expect(open({ retries: 0 })).rejects.toThrow(
      /^Cifar10.open: .*(cannot download|broke off).*70000 bytes are kept: the next try goes on from there$/,
    );
    expect(readdirSync(root())).toEqual([`${NAME}.part`]);
    behaviour = [whole];
    await open();
    expectWhole();
    expect(ranges).toEqual([undefined, "bytes=70000-"]);
  });

  it("starts again where the server knows no ranges", async () => {
    behaviour = [breakingAfter(50_000), fromStart];
    await open();
    expectWhole();
    expect(ranges).toEqual([undefined, "bytes=50000-"]);
  });

  it("finishes a part that was whole already", async () => {
    behaviour = [status(404)];
    await expect(open()).rejects.toThrow("404");
    writeFileSync(path(".part"), archive);
    behaviour = [whole];
    await open();
    expectWhole();
    expect(ranges).toEqual([undefined, `bytes=${archive.length}-`]);
  });

  it("throws away a part of another file, and starts again", async () => {
    behaviour = [status(404)];
    await expect(open()).rejects.toThrow("404");
    writeFileSync(path(".part"), new Uint8Array(1000));
    behaviour = [whole];
    await open();
    expectWhole();
    expect(ranges).toEqual([undefined, "bytes=1000-", undefined]);
  });

  it("keeps no file with a wrong checksum, and says both", async () => {
    behaviour = [whole];
    const expected = "0".repeat(32);
    await expect(open({ md5: expected })).rejects.toThrow(
      `Cifar10.open: expected a file with md5 ${expected} at ${url}, got ${archive.length} bytes with md5 ${md5}. It was not kept. Try again later, or name another url`,
    );
    expect(readdirSync(root())).toEqual([]);
    const official = Cifar10.open({ root: root(), download: { url } });
    await expect(official).rejects.toThrow("expected a file with md5 c32a1d4ab5d03f1284b67883e8d87530 at");
  });

  it("tries again what may pass, and nothing else", async () => {
    behaviour = [status(503), status(500), whole];
    await open();
    expectWhole();
    expect(ranges.length).toBe(3);
    folders++;
    ranges = [];
    behaviour = [status(404)];
    await expect(open()).rejects.toThrow(
      `Cifar10.open: cannot download ${url}: the server says 404 Not Found. Check the address, or get the file by hand`,
    );
    expect(ranges.length).toBe(1);
    behaviour = [status(503)];
    await expect(open({ retries: 2 })).rejects.toThrow("the server says 503 Service Unavailable");
    expect(ranges.length).toBe(4);
    const nobody = "http://127.0.0.1:1/x.tar.gz";
    await expect(open({ url: nobody, retries: 1 })).rejects.toThrow(`cannot download ${nobody}: `);
    expect(existsSync(path())).toBe(false);
  });

  it("ends when its signal says so, and keeps what came", async () => {
    behaviour = [
      (_, response) => {
        response.writeHead(200, { "content-length": archive.length });
        response.write(archive.subarray(0, 30_000));
      },
    ];
    const stop = new AbortController();
    const onProgress = ({ loaded }: DownloadProgress) => {
      if (loaded >= 30_000) stop.abort(new Error("enough"));
    };
    await expect(open({ signal: stop.signal, onProgress })).rejects.toThrow("enough");
    expect(readFileSync(path(".part")).length).toBe(30_000);
    behaviour = [whole];
    await open();
    expectWhole();
  });

  it("says that its folder is none", async () => {
    writeFileSync(root(), "a file");
    behaviour = [whole];
    await expect(open()).rejects.toThrow(/^Cifar10.open: cannot list .*: a part of the path is no folder/);
  });
});
