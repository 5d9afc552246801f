/** Only this folder knows on which host it runs (Node, a browser, Deno, Bun). */
import { builtin } from "./node.js";

/** Decodes base64 by atob, which every host has. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i); // five times faster than Uint8Array.from
  return bytes;
}

/** The URL of the file with this code: this file, dist/core.js or a program's bundle; "" where a bundler drops it. */
const code = import.meta.url ?? "";

/** The folder of the library's code as stack traces write it: src/ or dist/. */
const home = code.replace(/^file:\/\//, "").replace(/(?:platform\/)?[^/]*$/, "");

/** The bytes of a file beside this code; null where there is none, and in Deno, which would ask its user first. */
export function fileBeside(name: string): Uint8Array<ArrayBuffer> | null {
  if ("Deno" in globalThis) return null;
  type Files = { readFileSync(path: URL): Uint8Array<ArrayBuffer> };
  try {
    return builtin<Files>("node:fs")?.readFileSync(new URL(code.replace(/[^/]*$/, name))) ?? null;
  } catch {
    return null;
  }
}

/** The stack of the caller, without the library's own frames (unless a bundler has mixed them with the program's). */
export function callSite(): string {
  const before: unknown = Reflect.get(Error, "stackTraceLimit");
  Reflect.set(Error, "stackTraceLimit", 50); // of which the library's own take a part
  const frames = (new Error().stack ?? "").split("\n").slice(1);
  Reflect.set(Error, "stackTraceLimit", before);
  const user = frames.filter((frame) => !frame.includes(home));
  return (user.length > 0 ? user : frames).map((frame) => frame.trim()).join("\n");
}

/** The line of the program that called the library, as `train.ts:12`; empty where stacks do not tell. */
export function callLine(): string {
  return /([^/\\(\s]+:\d+):\d+\)?$/.exec(callSite().split("\n")[0] ?? "")?.[1] ?? "";
}

/** Encodes base64 by btoa, which every host has. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let from = 0; from < bytes.length; from += 8192) {
    binary += String.fromCharCode(...bytes.subarray(from, from + 8192)); // the number of arguments of a call is limited
  }
  return btoa(binary);
}
