/** Libraries that fail to load the first time. The tests load new instances of the modules of simdgrad/viz. */
import files from "node:fs/promises";
import { instance } from "@viz-js/viz";
import { decode } from "fast-png";
import { describe, expect, it, vi } from "vitest";

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20"></svg>';

describe("a graph's picture", () => {
  it("is tried again after Graphviz could not be loaded", async () => {
    let tries = 0;
    vi.resetModules();
    vi.doMock("@viz-js/viz", () => ({
      instance: async () => {
        if (++tries === 1) throw new Error("no memory");
        return instance();
      },
    }));
    try {
      const { Graph: Fresh } = await import("../../../src/viz/graph/graph.js");
      const fresh = new Fresh("digraph { a }", "a", "a");
      await expect(fresh.svg()).rejects.toThrow("no memory");
      expect(await fresh.svg()).toContain("<svg ");
      expect(await fresh.svg()).toContain("<svg ");
      expect(tries).toBe(2);
    } finally {
      vi.doUnmock("@viz-js/viz");
    }
  });
});

describe("a PNG of an SVG", () => {
  it("is tried again after its fonts could not be read", async () => {
    vi.resetModules();
    const fresh = await import("../../../src/viz/picture/save-picture.js");
    const reading = vi.spyOn(files, "readFile").mockRejectedValueOnce(new Error("too many open files"));
    try {
      await expect(fresh.rasterise(svg)).rejects.toThrow("cannot draw the SVG: too many open files");
      const count = reading.mock.calls.length;
      expect(decode(await fresh.rasterise(svg, { scale: 1 })).width).toBe(40);
      await fresh.rasterise(svg);
      expect(reading.mock.calls.length).toBe(2 * count);
    } finally {
      reading.mockRestore();
    }
  });
});
