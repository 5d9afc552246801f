import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { rasterise, savePicture } from "../../../src/viz/picture/save-picture.js";
import { followScheme, palettes } from "../../../src/viz/picture/theme.js";
import { temporaryFolder } from "../../support/files.js";

const folder = temporaryFolder();

const svg = (inside: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">${inside}</svg>`;
const pixel = (png: Uint8Array, x: number, y: number): number[] => {
  const { data, width, channels } = decode(png);
  return [...data.slice((y * width + x) * channels, (y * width + x + 1) * channels)];
};

describe("a PNG of an SVG", () => {
  it("has the size, the scale and the colours", async () => {
    const png = await rasterise(svg('<rect width="20" height="20" fill="#d55e00"/>'), { scale: 3, background: "#fff" });
    const { width, height } = decode(png);
    expect([width, height]).toEqual([120, 60]);
    expect(pixel(png, 10, 30)).toEqual([0xd5, 0x5e, 0, 255]);
    expect(pixel(png, 100, 30)).toEqual([255, 255, 255, 255]);
  });

  it("is transparent where nothing is drawn", async () => {
    expect(pixel(await rasterise(svg('<rect width="1" height="1"/>')), 60, 30)[3]).toBe(0);
  });

  it("has text, whatever the font is called", async () => {
    const ink = async (text: string, family: string): Promise<number> => {
      const png = await rasterise(svg(`<text y="15" font-size="14" font-family="${family}">${text}</text>`));
      const { data } = decode(png);
      return data.filter((value, i) => i % 4 === 3 && value > 128).length;
    };
    expect(await ink("", "system-ui")).toBe(0);
    for (const text of ["loss", "σ → ≥ −"]) expect(await ink(text, "system-ui")).toBeGreaterThan(20);
    expect(await ink("loss", "monospace")).toBe(await ink("loss", "Times"));
  });

  it("is refused for what is no SVG, and for odd scales", async () => {
    await expect(rasterise("<p>")).rejects.toThrow(/^rasterise: cannot draw the SVG: /);
    for (const scale of [0, -1, Number.NaN, 17]) {
      await expect(rasterise(svg(""), { scale })).rejects.toThrow("expected a scale above 0 and at most 16");
    }
  });
});

describe("a picture in a file", () => {
  it("is an SVG or a PNG by its name", async () => {
    await savePicture("save", join(folder, "a.svg"), svg(""));
    expect(readFileSync(join(folder, "a.svg"), "utf8")).toBe(svg(""));
    await savePicture("save", join(folder, "b.PNG"), svg('<rect width="4" height="4"/>'));
    expect(decode(readFileSync(join(folder, "b.PNG"))).width).toBe(80);
    await expect(savePicture("scatter.save", "c.jpg", svg(""))).rejects.toThrow(
      "scatter.save: expected a path that ends in .svg or .png, got c.jpg",
    );
    await expect(savePicture("save", join(folder, "d.png"), "<p>")).rejects.toThrow("cannot draw");
    expect(readdirSync(folder).sort()).toEqual(["a.svg", "b.PNG"]);
  });
});

describe("a picture for both colour schemes", () => {
  it("has rules for the colours in it, and is the light one to programs without rules", async () => {
    const { light, dark } = palettes;
    const both = followScheme(svg(`<rect width="9" height="9" fill="${light.text}" stroke="${light.series[1]}"/>`));
    expect(both).toContain(`.follows [fill="${light.text}"]{fill:${dark.text}}`);
    expect(both).toContain(`.follows [stroke="${light.series[1]}"]{stroke:${dark.series[1]}}`);
    expect(both).not.toContain(dark.series[2]);
    expect(pixel(await rasterise(both), 5, 5)).toEqual([0x1f, 0x23, 0x28, 255]);
  });
});
