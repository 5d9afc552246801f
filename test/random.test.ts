import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultGenerator, Generator, getRngState, manualSeed, setRngState } from "../src/random/generator.js";

const read = (name: string) => JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), "utf8"));
const draws = read("draws");
const seeds = Object.keys(draws.integers).map((seed): [string, bigint] => [seed, BigInt(seed)]);

describe.each(seeds)("Generator seeded with %s", (key, seed) => {
  const golden = draws.integers[key];
  const fresh = () => new Generator().manualSeed(seed);

  it("draws PyTorch's integers and permutations", () => {
    const generator = fresh();
    expect([0, 1, 2, 17, 40].map((n) => [...generator.permutation(n)])).toEqual(golden.randperm);
    expect(fresh().random63()).toBe(BigInt(golden.sampler_seed));
  });

  it("keeps its state in PyTorch's bytes", () => {
    const generator = fresh();
    for (let i = 0; i < 5; i++) generator.normal();
    const expected = Uint8Array.from(atob(golden.state), (char) => char.charCodeAt(0));
    const tail = generator.getState().slice(-expected.length);
    const at = expected.length - 32; // the kept normal, the only part that comes from a logarithm
    const kept = new DataView(expected.buffer).getFloat64(at, true);
    expect(new DataView(tail.buffer).getFloat64(at, true) / kept).toBeCloseTo(1, 13);
    tail.set(expected.subarray(at, at + 8), at);
    expect(tail).toEqual(expected);
  });
});

describe("Generator", () => {
  it("goes on from a state it is given, the kept normal too", () => {
    const generator = new Generator().manualSeed(1);
    const seen = (from: Generator) => [from.normal(), from.normal(), from.uniform(), from.random32()];
    generator.normal();
    const state = generator.getState();
    const first = seen(generator);
    expect(seen(new Generator().setState(state))).toEqual(first);
    expect(generator.setState(state).initialSeed()).toBe(1n);
    expect(seen(generator)).toEqual(first);
    const fresh = new Generator().setState(new Generator().manualSeed(9).getState());
    expect(fresh.random32()).toBe(new Generator().manualSeed(9).random32());
  });

  it("fills in pieces what it fills at once", () => {
    const whole = new Float32Array(2000);
    new Generator().manualSeed(5).fillUniform(whole);
    const pieces = new Float32Array(2000);
    const generator = new Generator().manualSeed(5);
    for (const [from, to] of [
      [0, 0],
      [0, 1],
      [1, 624],
      [624, 1248],
      [1248, 2000],
    ]) {
      generator.fillUniform(pieces.subarray(from, to));
    }
    expect(pieces).toEqual(whole);
  });

  it("forgets the kept normal when seeded", () => {
    const generator = new Generator().manualSeed(2);
    const first = generator.normal();
    expect(generator.manualSeed(2).normal()).toBe(first);
  });

  it("starts at PyTorch's default seed, the default one anywhere", () => {
    expect(new Generator().initialSeed()).toBe(67280421310721n);
    expect(new Generator().seed()).not.toBe(new Generator().seed());
  });

  it("takes seeds from -2^63 to 2^64 - 1", () => {
    expect(new Generator().manualSeed(-1).initialSeed()).toBe(2n ** 64n - 1n);
    for (const seed of [0.5, Number.NaN, 2n ** 64n, -(2n ** 63n) - 1n]) {
      expect(() => manualSeed(seed)).toThrow(`manualSeed: expected an integer from -2^63 to 2^64 - 1, got ${seed}`);
    }
  });

  it("refuses states that are none", () => {
    expect(() => new Generator().setState(new Uint8Array(7))).toThrow("expected 5056 bytes from getState(), got 7");
    expect(() => new Generator().setState(new Uint8Array(5056))).toThrow("got 624 words, left 0, next 0");
  });

  it("saves and restores the default stream", () => {
    manualSeed(4);
    defaultGenerator.random32();
    const state = getRngState();
    const next = defaultGenerator.random32();
    setRngState(state);
    expect(defaultGenerator.random32()).toBe(next);
  });
});
