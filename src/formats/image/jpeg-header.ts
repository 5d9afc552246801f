/** The frame header of a JPEG. `kind` is the n of its marker SOFn: 0 to 15, with gaps. */
type Frame = { kind: number; precision: number; height: number; width: number };

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Markers that stand alone, without a segment after them: TEM, restarts, start and end of the image. */
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9);

/** Finds the frame header. Returns undefined when the file ends, or its pixels begin, before there is one. */
export function findFrame(bytes: Uint8Array): Frame | undefined {
  const word = (at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
  for (let at = 0; at < bytes.length; ) {
    while (at < bytes.length && bytes[at] !== 0xff) at++;
    while (bytes[at] === 0xff) at++;
    const marker = bytes[at++];
    if (marker === undefined || marker === 0xda) return undefined;
    if (marker === 0 || standsAlone(marker)) continue;
    if (at + 7 > bytes.length) return undefined;
    if (isFrame(marker)) {
      return { kind: marker - 0xc0, precision: bytes[at + 2]!, height: word(at + 3), width: word(at + 5) };
    }
    at += word(at);
  }
  return undefined;
}

/** Whether the end marker follows the last pixels. Pixels themselves never contain its bytes. */
export function isWhole(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 2; at >= 0; at--) {
    if (bytes[at] !== 0xff) continue;
    if (bytes[at + 1] === 0xd9) return true;
    if (bytes[at + 1] === 0xda) return false;
  }
  return false;
}
