/** The page's trainers compute the same bits as the examples, also if the page reads results in between. */
import { memory } from "simdgrad";
import { load, loadSafetensors } from "simdgrad/io";
import { describe, expect, it } from "vitest";
import { examples, faces, fullFaces, houses, moons, scenes } from "../../site/catalogue.js";
import { Pace } from "../../site/pace.js";
import type { Reply, Request, Task } from "../../site/protocol.js";
import { Session } from "../../site/session.js";
import { Faces } from "../../site/train/faces.js";
import { Houses } from "../../site/train/houses.js";
import { Moons } from "../../site/train/moons.js";
import { drawScenes } from "../../site/train/scene-data.js";
import { Scenes } from "../../site/train/scenes.js";
import type { Trainer } from "../../site/train/trainer.js";
import { buffersIn } from "../../site/transfer.js";
import { goldenJson } from "../support/files.js";

const ofExamples: Record<string, string> = goldenJson("digests.json");
const ofPage: Record<string, string> = goldenJson("site-digests.json");

/** Trains up to a step with reads in between, and compares every digest. Returns the names of the digests. */
function follow(trainer: Trainer, until: number): string[] {
  const keys: string[] = [];
  const compare = (): void => {
    if (!trainer.atCheckpoint) return;
    const { key, hex } = trainer.digest()!;
    expect(key).not.toBeNull();
    expect(`${key} ${hex}`).toBe(`${key} ${(ofExamples[key!] ?? ofPage[key!])!}`);
    keys.push(key!);
  };
  compare();
  while (!trainer.done && trainer.step < until) {
    trainer.advance();
    if (trainer.step % 7 === 0) trainer.view();
    compare();
  }
  trainer.dispose();
  return keys;
}

describe("digests of the page's trainers", () => {
  it("are those recorded for the page and for the examples", () => {
    for (const [key, hex] of Object.entries(ofPage)) if (key in ofExamples) expect(hex).toBe(ofExamples[key]);
    const wanted = Object.keys(ofExamples).filter((key) => key !== "faces");
    expect(Object.keys(ofPage)).toEqual(expect.arrayContaining(wanted));
  });

  it("moons", () => {
    expect(follow(new Moons(moons.defaults), 1000)).toEqual(["moons@0", "moons@10", "moons@50", "moons@100", "moons"]);
  });

  for (const { name } of houses.heads) {
    it(`houses, ${name}`, () => {
      const key = name === "all" ? "houses.all" : `house.${name}`;
      const keys = follow(new Houses({ ...houses.defaults, head: name }), 100);
      expect(keys).toEqual([`${key}@0`, `${key}@10`, `${key}@50`, key]);
    });
  }

  it("scenes, for an epoch", () => {
    expect(follow(new Scenes(scenes.defaults, drawScenes()), 1250).at(-1)).toBe("scenes");
  });

  it("the small faces", () => {
    expect(follow(new Faces(faces.defaults, "small"), 20).at(-1)).toBe("faces.small@20");
  });

  it("the tutorial's faces", () => {
    expect(follow(new Faces(fullFaces.defaults, "full"), 1)).toEqual(["faces"]);
  });
});

const open: Record<string, (head: string) => Trainer> = {
  moons: (head) => new Moons({ ...moons.defaults, head }),
  houses: (head) => new Houses({ ...houses.defaults, head }),
  scenes: (head) => new Scenes({ ...scenes.defaults, head }, drawScenes()),
  faces: (head) => new Faces({ ...faces.defaults, head, batch: 4 }, "small"),
};

/** The loss of the last step; with several networks, of the last one. */
function lastLoss(view: unknown): number {
  const { losses, train, fits } = view as {
    losses?: Float64Array;
    train?: Float64Array;
    fits?: { losses: Float64Array }[];
  };
  return (losses ?? train ?? fits!.at(-1)!.losses).at(-1)!;
}

describe("settings", () => {
  for (const example of examples) {
    it(`of ${example.name} can be changed between steps, and then nothing is on record`, () => {
      const trainer = open[example.name]!(example.heads[0]!.name);
      trainer.advance();
      const start = memory().bytesInUse;
      for (const { name } of example.heads) {
        trainer.set({ head: name, learningRate: example.rates[0]! });
        trainer.advance();
        trainer.advance();
        expect(lastLoss(trainer.view())).toBeGreaterThan(0);
        expect(trainer.digest()!.key).toBeNull();
      }
      for (const batch of example.batches) {
        trainer.set({ batch });
        trainer.advance();
        expect(lastLoss(trainer.view())).toBeGreaterThan(0);
      }
      trainer.set(example.defaults);
      trainer.advance();
      expect(trainer.digest()!.key).toBeNull();
      trainer.dispose();
      expect(memory().bytesInUse - start).toBeLessThan(1e6);
    });

    it(`of ${example.name} that were changed back before the first step are those on record`, () => {
      const trainer = open[example.name]!(example.heads[1]!.name);
      trainer.set({ learningRate: 1 });
      expect(trainer.digest()!.key).toBeNull();
      trainer.set(example.defaults);
      const { key, hex } = trainer.digest()!;
      expect(hex).toBe(ofPage[key!]);
      trainer.dispose();
    });
  }

  it("of a run that has ended let it go on", () => {
    const trainer = new Moons(moons.defaults);
    while (!trainer.done) trainer.advance();
    const { step } = trainer;
    trainer.goOn();
    trainer.advance();
    expect([trainer.step, trainer.done]).toEqual([step + 1, false]);
    expect(trainer.digest().key).toBeNull();
    trainer.dispose();
  });
});

/** A session with a clock and a queue that the test controls. */
function session() {
  const replies: Reply[] = [];
  const tasks: (() => void)[] = [];
  let time = 0;
  const host = {
    post: (reply: Reply) => void replies.push(reply),
    later: (task: () => void) => void tasks.push(task),
    now: () => (time += 1),
  };
  const subject = new Session(host);
  const of = <T extends Reply["type"]>(type: T) =>
    replies.filter((r): r is Extract<Reply, { type: T }> => r.type === type);
  return {
    say: (request: Request) => subject.handle(request),
    /** Runs the due tasks some times, with a page that draws at once. */
    async work(times: number): Promise<void> {
      for (let i = 0; i < times; i++) {
        tasks.shift()?.();
        await subject.handle({ type: "drawn" });
      }
    },
    /** The same, but the page draws nothing. */
    deaf(times: number): void {
      for (let i = 0; i < times; i++) tasks.shift()?.();
    },
    of,
    last: () => of("snapshot").at(-1)!,
    pending: () => tasks.length,
  };
}

const task = (name: Task["name"]): Task => ({
  name,
  settings: examples.find((example) => example.name === name)!.defaults,
});

describe("a session", () => {
  it("trains to the recorded digest, and posts each loss once", async () => {
    const { say, work, of, last } = session();
    await say({ type: "open", task: task("moons") });
    await say({ type: "start" });
    while (!last().done) await work(1);
    const keys = of("digest").map(({ digest }) => digest.key);
    expect(keys).toEqual(["moons@0", "moons@10", "moons@50", "moons@100", "moons"]);
    expect(of("digest").at(-1)!.digest.hex).toBe(ofExamples.moons);
    const losses = of("snapshot").flatMap(({ view }) => ("train" in view ? [...view.train] : []));
    expect(losses.length).toBe(last().step);
    expect(last().running).toBe(false);
  });

  it("stops at once, goes on where it was, and begins anew", async () => {
    const { say, work, of, last, pending } = session();
    await say({ type: "open", task: task("moons") });
    await say({ type: "start" });
    await work(3);
    await say({ type: "pause" });
    const { step } = last();
    expect(step).toBeGreaterThan(0);
    await work(3);
    expect(last().step).toBe(step);
    expect(pending()).toBe(0);
    await say({ type: "start" });
    await work(5);
    expect(last().step).toBeGreaterThan(step);
    await say({ type: "open", task: task("moons") });
    expect([last().step, last().running]).toEqual([0, false]);
    expect(of("digest").at(-1)!.digest.key).toBe("moons@0");
    await work(2);
    expect(last().step).toBe(0);
  });

  it("waits for a page that has not drawn yet", async () => {
    const { say, of, deaf } = session();
    await say({ type: "open", task: task("moons") });
    await say({ type: "start" });
    deaf(4);
    expect(of("snapshot").length).toBe(2); // one at the opening, one at the start
    await say({ type: "drawn" });
    deaf(4);
    expect(of("snapshot").length).toBe(3);
    await say({ type: "pause" });
    expect(of("snapshot").at(-1)!.step).toBeGreaterThan(of("snapshot").at(-2)!.step);
  });

  it("writes weights that load again, in both formats", async () => {
    const { say, of } = session();
    await say({ type: "open", task: task("moons") });
    await say({ type: "export", format: "pth" });
    await say({ type: "export", format: "safetensors" });
    const [pth, safetensors] = of("file").map(({ bytes }) => bytes);
    const a = (await load(pth!)) as Record<string, { toArray(): unknown }>;
    const b = await loadSafetensors(safetensors!);
    expect(Object.keys(a)).toEqual(["lin1.weight", "lin1.bias", "lin2.weight", "lin2.bias"]);
    for (const [name, tensor] of Object.entries(a)) expect(b[name]!.toArray()).toEqual(tensor.toArray());
  });

  it("says what is wrong with files, and stays usable", async () => {
    const { say, of, last } = session();
    const files = [new File([new Uint8Array(10)], "data_batch_1.bin")];
    await say({ type: "open", task: { ...task("scenes"), files } });
    expect(of("failed").at(-1)!.text).toMatch(/data_batch_2\.bin/);
    await say({ type: "open", task: task("moons") });
    expect(last().step).toBe(0);
  });
});

describe("the pace", () => {
  it("gives as many steps as it says, and none in arrears", () => {
    let time = 0;
    const pace = new Pace(20, () => time);
    pace.restart();
    let steps = 0;
    for (; time < 10_000; time += 5) while (pace.take()) steps++;
    expect(steps).toBeGreaterThanOrEqual(199);
    expect(steps).toBeLessThanOrEqual(202);
    expect(pace.wait).toBeLessThanOrEqual(50);
    time += 60_000;
    let late = 0;
    while (pace.take()) late++;
    expect(late).toBeLessThan(3);
    pace.set(null);
    expect([pace.take(), pace.wait]).toEqual([true, 0]);
  });
});

describe("what is handed over", () => {
  it("are the buffers of typed arrays, each once", () => {
    const a = new Float32Array(4);
    const found = buffersIn({
      x: a,
      y: [new Uint8Array(a.buffer), { z: new Float64Array(2) }],
      n: 3,
      s: "text",
      none: null,
    });
    expect(found.length).toBe(2);
    expect(found[0]).toBe(a.buffer);
  });
});
