import { createHash } from "node:crypto";
import { Cifar10 } from "simdgrad/data";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { cifarFiles, gzip, tarOf } from "../../support/cifar.js";

// A host without files, like a browser: mocks replace the Node parts of the platform layer.
vi.mock("../../../src/platform/node.js", () => ({ node: undefined }));

const url = "https://mirror.example/cifar-10-binary.tar.gz";
let archive: Uint8Array<ArrayBuffer>;
let md5: string;
const fetched: string[] = [];

beforeAll(async () => {
  archive = await gzip(await tarOf(cifarFiles(2), "cifar-10-batches-bin"));
  md5 = createHash("md5").update(archive).digest("hex");
});
beforeEach(() => {
  fetched.length = 0;
  vi.stubGlobal("fetch", async (address: string) => {
    fetched.push(address);
    return new Response(archive);
  });
});
afterEach(() => void vi.unstubAllGlobals());

const open = (options: { md5?: string } = {}) => Cifar10.open({ train: false, download: { url, md5, ...options } });

/** The part of Cache Storage that simdgrad uses. */
function stubCaches(entries: Map<string, Response>, put?: () => Promise<void>): void {
  const cache = {
    match: async (key: string) => entries.get(key)?.clone(),
    put: put ?? (async (key: string, value: Response) => void entries.set(key, value)),
  };
  vi.stubGlobal("caches", { open: async () => cache });
}

it("downloads into the page's cache, once", async () => {
  const entries = new Map<string, Response>();
  stubCaches(entries);
  expect((await open()).length).toBe(2);
  expect((await open()).length).toBe(2);
  expect([fetched, [...entries.keys()]]).toEqual([[url], [url]]);
});

it("does without a cache, and with one that is full", async () => {
  expect((await open()).length).toBe(2);
  stubCaches(new Map(), () => Promise.reject(new Error("quota exceeded")));
  expect((await open()).length).toBe(2);
});

it("keeps nothing with a wrong checksum", async () => {
  const entries = new Map<string, Response>();
  stubCaches(entries);
  await expect(open({ md5: "0".repeat(32) })).rejects.toThrow(`with md5 ${md5}. It was not kept`);
  expect(entries.size).toBe(0);
});

it("says what to do where there is neither file nor download", async () => {
  await expect(Cifar10.open()).rejects.toThrow("got none of it. Pass download: true");
});

it("reads an archive from a URL", async () => {
  expect((await Cifar10.open({ source: new URL(url) })).length).toBe(10);
  expect((await Cifar10.open({ source: "cifar.tar.gz", train: false })).length).toBe(2);
  expect(fetched).toEqual([url, "cifar.tar.gz"]);
});
