import { readFileSync } from "node:fs";
import { FileError } from "simdgrad";
import { decodeImage, decodeJpeg, decodePng, encodePng, type Image } from "simdgrad/data";
import { describe, expect, it } from "vitest";
import { toRgb } from "../../../src/formats/image/image.js";
import { goldenJson, goldenPath } from "../../support/files.js";

const golden: Record<string, { size: number[]; data: string; rgb: string }> = goldenJson("pictures.json");
const file = (name: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(goldenPath(`pictures/${name}`)));
const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, "base64"));

describe("decodeImage gives Pillow's bytes", () => {
  it.each(Object.keys(golden))("%s", (name) => {
    const [height, width, channels] = golden[name]!.size;
    const image = decodeImage(file(name), { name });
    expect(image).toEqual({ height, width, channels, data: bytes(golden[name]!.data) });
    expect(toRgb(image)).toEqual({ height, width, channels: 3, data: bytes(golden[name]!.rgb) });
  });
});

describe("decodeJpeg", () => {
  const jpeg = file("baseline-420.jpg");
  const fails = (data: Uint8Array, message: string | RegExp, maxPixels?: number): void => {
    const options = { name: "face.jpg", ...(maxPixels === undefined ? {} : { maxPixels }) };
    expect(() => decodeJpeg(data, options)).toThrow(FileError);
    expect(() => decodeJpeg(data, options)).toThrow(message);
  };
  /** The file with other sizes in its frame header. */
  const claiming = (height: number, width: number): Uint8Array => {
    const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
    const sizes = [height >> 8, height & 255, width >> 8, width & 255];
    return jpeg.map((byte, i) => sizes[i - frame - 5] ?? byte);
  };

  it("refuses what is no JPEG, and says what it is", () => {
    const expected = "decodeJpeg: expected a JPEG, which begins with ff d8 ff, got";
    fails(
      file("rgb.png"),
      `${expected} face.jpg, which begins with the bytes 89 50 4e 47 0d 0a 1a 0a: it is a PNG. Replace`,
    );
    fails(
      new TextEncoder().encode("<!doctype html>"),
      "begins with the bytes 3c 21 64 6f 63 74 79 70: it is a web page",
    );
    fails(Uint8Array.of(1, 2), "face.jpg, which begins with the bytes 01 02. Replace");
    fails(new Uint8Array(), `${expected} face.jpg, which is empty`);
    expect(() => decodeJpeg(Uint8Array.of(7))).toThrow("got the bytes given, which begins with the bytes 07");
  });

  it("refuses every beginning of a file as cut short", () => {
    for (const name of ["baseline-420.jpg", "progressive-444.jpg", "exif.jpg"]) {
      const whole = file(name);
      for (let length = 3; length < whole.length; length += 29) {
        fails(whole.subarray(0, length), `decodeJpeg: cannot decode face.jpg: it is cut short after ${length} bytes`);
      }
    }
    const end = Uint8Array.from([...jpeg, 0, 1, 2]);
    expect(decodeJpeg(end)).toEqual(decodeJpeg(jpeg)); // extra bytes are no error
  });

  it("refuses rare kinds by name", () => {
    fails(
      file("arithmetic.jpg"),
      "expected a baseline or progressive JPEG of 8 bits, got face.jpg, which is of kind SOF9",
    );
    fails(
      jpeg.map((byte, i) => (jpeg[i - 4] === 0xff && jpeg[i - 3] === 0xc0 ? 12 : byte)),
      "SOF0 with 12 bits",
    );
  });

  it("refuses sizes that no picture has before it asks for memory", () => {
    fails(
      claiming(65500, 65500),
      "at most 89478485 pixels, got face.jpg, which says 65500 × 65500: they would take 11.99 GiB",
    );
    fails(claiming(0, 45), "expected a picture with pixels, got face.jpg, which says 0 × 45");
    fails(jpeg, "expected at most 100 pixels, got face.jpg, which says 37 × 45", 100);
    expect(decodeJpeg(jpeg, { maxPixels: 37 * 45 }).width).toBe(45);
  });

  it("lives through damage of any byte, and decodes as before", () => {
    let refused = 0;
    for (let i = 3; i < jpeg.length; i += 3) {
      const broken = jpeg.slice();
      broken[i] = broken[i]! ^ (1 + ((i * 7) % 255));
      try {
        const { data, height, width, channels } = decodeJpeg(broken, { maxPixels: 2 ** 20 });
        expect(data.length).toBe(height * width * channels);
      } catch (error) {
        expect(error).toBeInstanceOf(FileError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect(decodeJpeg(jpeg)).toEqual(decodeImage(jpeg));
    expect(decodeJpeg(jpeg).data).toEqual(bytes(golden["baseline-420.jpg"]!.data));
  });
});

describe("PNG", () => {
  it.each([1, 2, 3, 4])("round trips with %i channels", (channels) => {
    const data = Uint8Array.from({ length: 5 * 7 * channels }, (_, i) => (i * 37) % 256);
    const image: Image = { data, height: 5, width: 7, channels };
    const png = encodePng(image);
    expect(decodePng(png)).toEqual(image);
    expect(decodePng(Uint8Array.of(0, ...png).subarray(1))).toEqual(image);
  });

  it("refuses what is damaged, and what no image is", () => {
    const png = file("rgb.png");
    const cut = "decodePng: cannot decode x.png: it is cut short or damaged";
    for (const length of [9, 20, 40, png.length - 20]) {
      expect(() => decodePng(png.subarray(0, length), { name: "x.png" })).toThrow(cut);
    }
    expect(() =>
      decodePng(
        png.map((byte, i) => (i === 100 ? byte ^ 1 : byte)),
        { name: "x.png" },
      ),
    ).toThrow(cut);
    expect(() => decodePng(file("small.jpg"))).toThrow(
      "which begins with the bytes ff d8 ff e0 00 10 4a 46: it is a JPEG",
    );
    expect(() => decodePng(png, { maxPixels: 9 })).toThrow("expected at most 9 pixels");
    expect(() => decodeImage(Uint8Array.of(66, 77, 1))).toThrow(
      "decodeImage: expected a JPEG or PNG, got the bytes given",
    );
    const wrong = { data: new Uint8Array(5), height: 1, width: 1, channels: 5 };
    expect(() => encodePng(wrong)).toThrow("encodePng: expected 1 to 4 channels, got 5");
    expect(() => encodePng({ ...wrong, width: 2 })).toThrow("got 5 bytes for 1 × 2 × 5");
  });
});
