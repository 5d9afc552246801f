/** A thread of the pool: compiles with asc, or packs. */
import { parentPort } from "node:worker_threads";
import { pack } from "../packer/pack.js";
import { Io, type Recorded } from "./io.js";

/** Compile an entry with the options of a target in asconfig.json. */
type Compile = { kind: "compile"; root: string; entry: string; target: string };

/** Pack the file `from` into the file `to`. The unpacker needs the same dictionary. */
type Pack = { kind: "pack"; root: string; from: string; dictionary: string | null; to: string };

export type Job = Compile | Pack;

/** The record of a job, or the reason why it failed. */
export type Answer = Recorded | { failure: string };

async function compile(io: Io, { root, entry, target }: Compile): Promise<void> {
  const asc = await import("assemblyscript/asc");
  const messages: string[] = [];
  const stream = { write: (chunk: Uint8Array | string) => messages.push(String(chunk)) > 0 };
  const { error } = await asc.main([entry, "--target", target, "--baseDir", root, "--noColors"], {
    stdout: stream,
    stderr: stream,
    readFile: (path) => io.find(path)?.toString() ?? null,
    writeFile: (path, content) => {
      if (!path.endsWith(".js")) io.write(path, content); // src/runtime/kernels.ts needs no loader by asc
    },
    listFiles: () => null,
  });
  if (error !== null) throw new Error(`asc ${entry} --target ${target}: ${error.message}\n${messages.join("")}`);
  for (const name of ["assemblyscript", "binaryen"]) io.read(`node_modules/${name}/package.json`); // the version
}

function packFile(io: Io, { from, dictionary, to }: Pack): void {
  io.write(to, pack(io.read(from), dictionary === null ? new Uint8Array() : io.read(dictionary)));
  for (const path of ["pack.ts", "code.ts", "decoder/model.ts"]) io.read(`scripts/packer/${path}`);
}

async function answer(job: Job): Promise<Answer> {
  const io = new Io(job.root);
  try {
    if (job.kind === "compile") await compile(io, job);
    else packFile(io, job);
    return io.record();
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

/** Answers the jobs of the pool. */
export function listen(): void {
  parentPort?.on("message", async (job: Job) => parentPort?.postMessage(await answer(job)));
}
