/** All that differs between hosts (Node, browsers, Deno, Bun) is asked for here and nowhere else. */

/** Decodes base64 with what every host has. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
