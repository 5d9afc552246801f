/** What differs between hosts (Node, browsers, Deno, Bun) is asked for in this folder and nowhere else. */
import { builtin } from "./node.js";

/** Decodes base64 with what every host has. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i); // five times faster than Uint8Array.from
  return bytes;
}

/** The file that this code is in: this one, dist/core.js or a program's bundle; "" where a bundler does not tell. */
const code = import.meta.url ?? "";

/** The folder that the library's code lies in, as stack traces write it: src/ or dist/. */
const home = code.replace(/^file:\/\//, "").replace(/(?:platform\/)?[^/]*$/, "");

/** A file that lies beside this code, in Node and Bun (Deno would ask its user first); null where there is none. */
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
  const frames = (new Error().stack ?? "").split("\n").slice(1);
  const user = frames.filter((frame) => !frame.includes(home));
  return (user.length > 0 ? user : frames).map((frame) => frame.trim()).join("\n");
}

/** Encodes base64 with what every host has. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let from = 0; from < bytes.length; from += 8192) {
    binary += String.fromCharCode(...bytes.subarray(from, from + 8192)); // a call takes so many arguments only
  }
  return btoa(binary);
}
