/** Examples 1 and 2 against PyTorch. */
import { memory, nn } from "simdgrad";
import { describe, expect, it } from "vitest";
import { main as binary } from "../../examples/01-binary.js";
import {
  type Result,
  main as regression,
  SoftExponential2,
  train,
  type Variant,
  variants,
} from "../../examples/02-regression.js";
import { resumedAt } from "../../examples/support/console.js";
import { barFormat } from "../../examples/support/progress.js";
import { goldenJson } from "../support/files.js";

type Moons = {
  init: Record<string, number[]>;
  train: number[];
  valid: number[];
  best_epoch: number;
  stop_epoch: number;
  best_valid: number;
  final: Record<string, number[]>;
  test_pred_head: number[];
  test_accuracy: number;
};

const read = <T>(name: string): T => goldenJson(name) as T;
const quiet = { log: (): void => {} };

/** The largest distance between two lists of equal length. */
function distance(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe("example 1", () => {
  const runs = read<Record<string, Moons>>("moons.json");
  for (const [seed, golden] of Object.entries(runs)) {
    it(`stops in PyTorch's epoch, with PyTorch's losses, from seed ${seed}`, () => {
      const run = binary({ seed: Number(seed), ...quiet });
      expect(run.stopEpoch).toBe(golden.stop_epoch);
      expect(run.bestEpoch).toBe(golden.best_epoch);
      expect(distance(run.train, golden.train)).toBeLessThan(1e-9);
      expect(distance(run.valid, golden.valid)).toBeLessThan(1e-9);
      for (const [name, values] of Object.entries(golden.init)) expect(run.init[name]).toEqual(values);
      for (const [name, values] of Object.entries(golden.final))
        expect(distance(run.final[name]!, values)).toBeLessThan(1e-8);
      expect(distance(run.testPred.slice(0, 10), golden.test_pred_head)).toBeLessThan(1e-8);
      expect(run.testAccuracy).toBeCloseTo(golden.test_accuracy, 12);
    });
  }

  it("holds as many bytes after 10,000 steps as after 10", () => {
    binary({ ...quiet, epochs: 10, patience: 1e9 });
    const bytes: number[] = [];
    binary({
      ...quiet,
      epochs: 10_000,
      patience: 1e9,
      onEpoch: (epoch) => void (epoch >= 10 && bytes.push(memory().bytesInUse)),
    });
    expect(bytes.length).toBe(9_990);
    expect(new Set(bytes).size).toBe(1);
  });
});

describe("example 2", () => {
  const golden = read<Record<string, Result>>("house.json");
  const close = (run: Result, reference: Result, tolerance: number): void => {
    const relative = (a: readonly number[], b: readonly number[]): void => {
      expect(a.length).toBe(b.length);
      a.forEach((value, i) => {
        expect(Math.abs(value - b[i]!)).toBeLessThanOrEqual(tolerance * Math.abs(b[i]!));
      });
    };
    relative(run.loss, reference.loss);
    relative(run.pred, reference.pred);
    for (const [name, values] of Object.entries(reference.final)) relative(run.final[name]!, values);
  };

  for (const name of Object.keys(variants) as Variant[]) {
    it(`gets PyTorch's numbers with ${name}`, () => {
      const soft2 = name === "softExponential2";
      close(train(variants[name]()), golden[soft2 ? "softExponential2_alpha0.1_beta7" : name]!, soft2 ? 1e-3 : 1e-4);
    });
  }

  it("gets PyTorch's numbers with softExponential2 from beta 0.7", () => {
    const model = new nn.Sequential({ softExponential2: new SoftExponential2(0.1, 0.7) });
    close(train(model), golden["softExponential2_alpha0.1_beta0.7"]!, 1e-3);
  });

  it("gets the tutorial's printed numbers", () => {
    const results = regression(quiet);
    const { final, loss } = results.linear!;
    expect(final["lin.weight"]![0]!.toFixed(4)).toBe("-0.0408");
    expect(final["lin.bias"]![0]!.toFixed(4)).toBe("8.1321");
    expect(loss.at(-1)).toBeGreaterThan(0.13);
    expect(loss.at(-1)).toBeLessThan(0.14);
    const bent = results.bentIdentity!;
    expect(bent.final["lin.weight"]![0]!.toFixed(4)).toBe("-0.0481");
    expect(bent.final["lin.bias"]![0]!.toFixed(4)).toBe("7.7386");
    expect(bent.loss.at(-1)!.toFixed(2)).toBe("0.78");
    expect(results.softExponential2!.loss.at(-1)).toBeLessThan(5);
  });
});

describe("what the examples show in a terminal", () => {
  it("fits the progress bar into a terminal of 40 columns or more", () => {
    const longest = { value: "40693", total: "40693", rate: "1234 it/s", loss: "0.695", eta_formatted: "12m34s" };
    for (let width = 40; width <= 200; width++) {
      const { format, barsize } = barFormat("epoch 10", width);
      const line = format.replace(/\{(\w+)\}/g, (_, key: string) =>
        key === "bar" ? "█".repeat(barsize) : longest[key as keyof typeof longest],
      );
      expect(barsize).toBeGreaterThan(3);
      expect(line.length, `at ${width} columns: ${line}`).toBeLessThan(width);
    }
    expect(barFormat("epoch 1", 20).barsize).toBe(4);
  });

  it("says where a training goes on, and when it is over", () => {
    expect(resumedAt(1250, 1, 2)).toBe("resumed after 1250 batches, in epoch 2");
    expect(resumedAt(12_500, 10, 2)).toBe("nothing left to train: 10 epochs are done (--epochs 11 goes on)");
  });
});
