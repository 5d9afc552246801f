import { manualSeed, rand, randn } from "simdgrad";
import { makeMoons } from "simdgrad/data";
import {
  Canvas,
  confusionMatrix,
  decisionBoundary,
  History,
  histogram,
  imshow,
  linePlot,
  type Picture,
  plotFunction,
  scatter,
} from "simdgrad/viz";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { canRedraw, hasColour } from "../../../src/platform/terminal.js";
import { FakeTerminal, withoutColours } from "../../support/terminal.js";

beforeEach(() => {
  for (const name of ["CI", "NO_COLOR", "FORCE_COLOR"]) vi.stubEnv(name, undefined);
  vi.stubEnv("TERM", "xterm-256color");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

/** A history of some steps. */
function losses(steps: number): History {
  const history = new History({ stepName: "epoch" });
  for (let i = 0; i < steps; i++) history.log(i, { trainLoss: 1 / (1 + i), validLoss: 1.2 / (1 + i) });
  return history;
}
const ESCAPE = "\x1b";

describe("colours", () => {
  const terminal = { isTTY: true, write: () => true };
  const file = { write: () => true };
  it.each([
    [{}, true, false],
    [{ NO_COLOR: "1" }, false, false],
    [{ NO_COLOR: "" }, true, false],
    [{ FORCE_COLOR: "1" }, true, true],
    [{ FORCE_COLOR: "0" }, false, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, false],
    [{ TERM: "dumb" }, false, false],
  ])("with %j", (env: Record<string, string>, inTerminal, inFile) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect([hasColour(terminal), hasColour(file)]).toEqual([inTerminal, inFile]);
  });

  it("do not decide whether lines are redrawn", () => {
    vi.stubEnv("NO_COLOR", "1");
    expect(canRedraw(terminal)).toBe(true);
    vi.stubEnv("CI", "true");
    expect(canRedraw(terminal)).toBe(false);
  });
});

describe("pictures as text", () => {
  manualSeed(0);
  const [X, y] = makeMoons(100, { noise: 0.1, randomState: 0 });
  const history = losses(50);
  const long = "A title that is longer than any line of a terminal of forty columns could be";
  const pictures: [string, Picture][] = [
    ["linePlot", linePlot([history.get("trainLoss"), history.get("validLoss")], { title: long, yLabel: "loss" })],
    [
      "many lines",
      linePlot(Object.fromEntries([..."abcdefghijkl"].map((name, i) => [name.repeat(5), [i, 2 * i, 1e6]]))),
    ],
    ["plotFunction", plotFunction((x) => x.mul(1e-9), -1, 1, { xLabel: long })],
    ["nothing", linePlot({ a: [] })],
    ["NaN", linePlot({ a: [Number.NaN, 1, Infinity] })],
    ["scatter", scatter(X, y)],
    ["decisionBoundary", decisionBoundary((x) => x.narrow(1, 0, 1).sigmoid(), X, y, { resolution: 20 })],
    ["histogram", histogram({ a: randn([200]), b: rand([100]) })],
    ["confusionMatrix", confusionMatrix([0, 1, 2], [0, 1, 1], ["one", "two", long])],
    ["wide confusionMatrix", confusionMatrix([0, 1], [0, 1], 50)],
    ["imshow", imshow(rand([3, 32, 32]), { title: long })],
  ];
  const sizes = [10, 40, 80, 100].flatMap((width) => [5, 20].map((height) => [width, height] as const));

  it.each(pictures)("%s has no line that is too long, and not too many", (_, picture) => {
    for (const [width, height] of sizes) {
      for (const color of [true, false]) {
        const terminal = new FakeTerminal(width, 1000);
        terminal.write(picture.text({ width, height, color })); // throws for lines that are too long
        if (!color) expect(terminal.text).not.toContain(ESCAPE);
      }
      if (height === 20 && width >= 40)
        expect(picture.text({ width, height, color: false }).split("\n").length).toBeLessThanOrEqual(52);
    }
  });

  it("draws lines from the first to the last value, with labels that do not touch", () => {
    const lines = linePlot({ a: [0, 1, 2, 3, 4] }, { yLabel: "a" })
      .text({ width: 40, height: 12, color: false })
      .split("\n");
    expect(lines.length).toBe(12);
    expect(lines[0]).toMatch(/^ 4┤ +[⠁-⣿]+$/);
    const labels = lines.at(-2)!.trim().split(/ {2,}/);
    expect(labels).toEqual(["0", "2", "4"]);
  });

  it("tells lines apart by signs where there are no colours", () => {
    const text = linePlot({ up: [0, 1], down: [1, 0] }).text({ width: 40, height: 10, color: false });
    expect(text).toContain("* up   o down");
    expect(text).toMatch(/│.*\*/);
    expect(text).toMatch(/│.*o/);
    expect(text).not.toContain(ESCAPE);
  });
});

describe("a canvas in a terminal", () => {
  const draw = (canvas: Canvas, history: History): void =>
    canvas.frame(() => canvas.drawPlot([history.get("trainLoss"), history.get("validLoss")], { yLabel: "loss" }));

  it("shows the last frame alone, and lines above it", () => {
    const terminal = new FakeTerminal(80);
    const canvas = new Canvas({ stream: terminal, title: "Loss" });
    for (const steps of [1, 2, 3]) {
      draw(canvas, losses(steps));
      canvas.print(`line ${steps}`);
    }
    canvas.close();
    const lines = terminal.shown.split("\n");
    expect(lines.slice(0, 4)).toEqual(["line 1", "line 2", "line 3", "Loss"]);
    expect(lines.slice(3).join("\n")).toBe(withoutColours(canvas.text({ width: 79, height: 16, color: true })));
  });

  it("goes below after it was closed, and begins anew", () => {
    const terminal = new FakeTerminal(40, 30);
    const canvas = new Canvas({ stream: terminal, height: 8 });
    draw(canvas, losses(2));
    canvas.close();
    terminal.write("after\n");
    draw(canvas, losses(3));
    canvas.close();
    const lines = terminal.shown.split("\n");
    expect(lines.indexOf("after")).toBe(8);
    expect(lines.length).toBe(17);
  });

  it("never writes more lines than there are, nor longer ones, also when it shrinks", () => {
    const terminal = new FakeTerminal(80, 24);
    const canvas = new Canvas({ stream: terminal });
    for (const [columns, rows] of [
      [80, 24],
      [40, 20],
      [20, 8],
      [100, 5],
    ]) {
      Object.assign(terminal, { columns, rows });
      terminal.lines.length = 0; // a resized terminal may show old lines in any way
      canvas.close();
      terminal.write("\n");
      const before = terminal.text.length;
      draw(canvas, losses(4));
      canvas.close();
      expect(terminal.text.slice(before).split("\n").length - 1).toBeLessThanOrEqual(rows! - 1);
    }
  });

  it("takes 80 × 24 for a terminal that says it has no columns", () => {
    const written: string[] = [];
    const stream = { isTTY: true, columns: 0, rows: 0, write: (text: string) => written.push(text) };
    const canvas = new Canvas({ stream });
    canvas.draw(linePlot({ loss: [1, 2] }));
    canvas.print("a line");
    canvas.close();
    expect(written.join("")).not.toContain("Infinity");
    expect(written[0]!.split("\n").length).toBeGreaterThan(10);
  });

  it("asks the system for its size, which else stands still in a loop", () => {
    const terminal = Object.assign(new FakeTerminal(80), { _refreshSize: vi.fn() });
    draw(new Canvas({ stream: terminal }), losses(2));
    expect(terminal._refreshSize).toHaveBeenCalled();
  });

  it("draws in a loop that never awaits, at most 20 times a second, and the last frame in the end", () => {
    vi.useFakeTimers();
    const terminal = new FakeTerminal(40, 20);
    let writes = 0;
    const canvas = new Canvas({
      stream: { isTTY: true, columns: 40, rows: 20, write: (text) => terminal.write(text) && writes++ },
    });
    const history = losses(1);
    for (let i = 1; i <= 1000; i++) {
      canvas.frame(() => canvas.drawPlot(history.get("trainLoss"), { title: `step ${i}` }));
      vi.setSystemTime(vi.getMockedSystemTime()!.getTime() + 1);
      vi.spyOn(performance, "now").mockReturnValue(i); // a millisecond a step, and no turn of the event loop
    }
    vi.restoreAllMocks();
    expect(writes).toBeGreaterThanOrEqual(19);
    expect(writes).toBeLessThanOrEqual(21);
    expect(terminal.shown).not.toContain("step 1000");
    vi.runAllTimers();
    expect(terminal.shown).toContain("step 1000");
  });

  it("writes no colours with NO_COLOR, and never hides the cursor", () => {
    vi.stubEnv("NO_COLOR", "1");
    const terminal = new FakeTerminal(40, 20);
    const canvas = new Canvas({ stream: terminal });
    draw(canvas, losses(3));
    canvas.close();
    expect(withoutColours(terminal.text)).toBe(terminal.text);
    expect(terminal.text).not.toContain("\x1b[?25l");
  });

  it("goes on after a function that throws", () => {
    const terminal = new FakeTerminal(40, 20);
    const canvas = new Canvas({ stream: terminal });
    expect(() =>
      canvas.frame(() => {
        throw new Error("broken");
      }),
    ).toThrow("broken");
    canvas.drawPlot(losses(2).get("trainLoss"));
    canvas.close();
    expect(terminal.shown).toContain("epoch");
  });
});

describe("a canvas where the output is no terminal", () => {
  const frames = (stream: FakeTerminal, options = {}): Canvas => {
    const canvas = new Canvas({ stream, ...options });
    for (const steps of [1, 2]) {
      const history = losses(steps);
      canvas.frame(() => {
        canvas.drawPlot([history.get("trainLoss"), history.get("validLoss")]);
        canvas.drawHist([1, 2]);
      });
    }
    canvas.close();
    return canvas;
  };
  const plain = "epoch 0  trainLoss 1  validLoss 1.2000\nepoch 1  trainLoss 0.5000  validLoss 0.6000\n";

  it.each([
    ["a file", false, {}],
    ["a dumb terminal", true, { TERM: "dumb" }],
    ["continuous integration", true, { CI: "true" }],
    ["a file with colours", false, { FORCE_COLOR: "1" }],
  ])("writes a plain line a frame to %s", (_, isTTY, env: Record<string, string>) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const stream = new FakeTerminal(80, 24, isTTY);
    expect(frames(stream).live).toBe(false);
    expect(stream.text).toBe(plain);
  });

  it("writes none where it is told so, and has its last frame all the same", () => {
    const stream = new FakeTerminal(80, 24, false);
    const canvas = frames(stream, { lines: false });
    expect(stream.text).toBe("");
    expect(canvas.svg()).toContain("validLoss");
    expect(canvas.svg().match(/<svg/g)!.length).toBe(3); // one with two in it
  });

  it("has an empty picture before the first frame", () => {
    expect(new Canvas({ stream: null }).svg()).toContain("</svg>");
    expect(new Canvas({ stream: null }).text()).toBe("");
  });

  it("takes labels, as many as metrics", () => {
    const canvas = new Canvas({ stream: null });
    canvas.drawPlot(losses(2).get("trainLoss"), { labels: ["renamed"], yLabel: "loss" });
    expect(canvas.svg()).toContain(">renamed<");
    const odd = new Canvas({ stream: new FakeTerminal(80, 24, false) });
    expect(() => odd.drawPlot(losses(2).get("trainLoss"), { labels: [] })).toThrow(
      "Canvas.drawPlot: expected a label for each of 1 metrics, got 0",
    );
  });
});
