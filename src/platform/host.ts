/** What differs between hosts (Node, browsers, Deno, Bun) is asked for in this folder and nowhere else. */

/** Decodes base64 with what every host has. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i); // five times faster than Uint8Array.from
  return bytes;
}

/** The folder that the library's code lies in, as stack traces write it: src/ or dist/. */
const home = import.meta.url.replace(/^file:\/\//, "").replace(/(?:platform\/)?[^/]*$/, "");

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
