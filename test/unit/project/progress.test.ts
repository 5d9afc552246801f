import { afterEach, expect, it, vi } from "vitest";
import { progressBar } from "../../../examples/support/progress.js";

const { isTTY, columns } = process.stderr;
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(process.stderr, { isTTY, columns });
});

/** The output of a bar in a terminal of some columns. */
function drawn(width: number): string {
  let text = "";
  Object.assign(process.stderr, { isTTY: true, columns: width });
  vi.spyOn(process.stderr, "write").mockImplementation((part) => {
    text += String(part);
    return true;
  });
  const bar = progressBar("epoch 1", 3);
  for (let i = 0; i < 3; i++) bar.step(0.5);
  bar.pause();
  bar.stop();
  return text;
}

it("a progress bar changes nothing of the terminal that Ctrl-C would have to change back", () => {
  const text = drawn(100);
  expect(text).toContain("epoch 1");
  expect(text).not.toContain("\x1b[?"); // codes that hide the cursor or cut lines
});

it("and stays on one line of a narrow one", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the commands of terminals
  const lines = drawn(40).split(/\x1b(?:\[[\d;?]*[A-Za-z]|[78])|\r|\n/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  expect(lines.join("")).toContain("epoch 1");
});
