/** The targets, and which targets each needs. */
import type { Target } from "./builder.js";
import * as generated from "./generated.js";
import { PUBLISHED } from "./generated.js";
import type { Io } from "./io.js";
import type { Pool } from "./pool.js";

export type Goal = "kernels" | "relaxed" | "dist" | "bench";

/** The targets of each goal. */
export function goals(pool: Pool): Record<Goal, readonly Target[]> {
  /** A Wasm build: an entry, compiled with the options of a target in asconfig.json. */
  const compiled = (name: string, entry: string, target = name): Target => ({
    name: `build/${name}.wasm`,
    stage: "kernels",
    needs: [],
    make: (io) => pool.run({ kind: "compile", root: io.root, entry, target }, io),
  });
  /** A file with a text of generated.ts. */
  const written = (name: string, needs: readonly Target[], text: (io: Io) => string | Promise<string>): Target => ({
    name,
    needs,
    async make(io) {
      io.write(name, await text(io));
      io.read("scripts/build/generated.ts");
    },
  });
  /** A packed build; the unpacker needs the same dictionary. */
  const packed = (name: string, build: Target, dictionary?: Target): Target => {
    const to = `build/packed/${name}.txt`;
    const job = { kind: "pack", from: build.name, dictionary: dictionary?.name ?? null, to } as const;
    return {
      name: to,
      stage: "packing",
      needs: dictionary === undefined ? [build] : [build, dictionary],
      make: (io) => pool.run({ ...job, root: io.root }, io),
    };
  };

  const f32 = compiled("f32", "assembly/index.ts");
  const f64 = compiled("f64", "assembly/index.ts");
  const i32 = compiled("i32", "assembly/integer.ts");
  const unpack = compiled("unpack", "scripts/packer/decoder/index.ts");
  const relaxed32 = compiled("relaxed.f32", "assembly/index.ts", "relaxed32");
  const relaxed64 = compiled("relaxed.f64", "assembly/index.ts", "relaxed64");
  const limit32 = compiled("limit.f32", "bench/assembly/limit.ts", "limit32");
  const limit64 = compiled("limit.f64", "bench/assembly/limit.ts", "limit64");

  const kernels = [
    written(generated.WASM, [f32, f64, i32], generated.looseWasm),
    written(generated.TURBO, [], generated.turbo),
    written(generated.WORKER, [], generated.worker),
  ];
  const relaxed = [written(generated.RELAXED, [relaxed32, relaxed64], generated.looseRelaxed)];

  const core = [packed("f32", f32), packed("f64", f64, f32), packed("i32", i32, f32)];
  const others = [packed("relaxed.f32", relaxed32, f32), packed("relaxed.f64", relaxed64, f64)];
  const published = [
    written(PUBLISHED[generated.WASM], [...core, unpack], generated.packedWasm),
    written(PUBLISHED[generated.RELAXED], others, generated.packedRelaxed),
  ];
  const dist: Target = {
    name: "dist",
    stage: "dist",
    needs: [...kernels, ...relaxed, ...published],
    make: async (io) => (await import("./bundle.js")).publish(io), // imported here because it loads the bundler
  };
  return { kernels, relaxed, dist: [dist], bench: [limit32, limit64] };
}
