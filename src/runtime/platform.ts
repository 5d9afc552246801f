/** All that differs between hosts (Node, browsers, Deno, Bun) is asked for here and nowhere else. */

/** Decodes base64 with what every host has. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i); // five times faster than Uint8Array.from
  return bytes;
}
