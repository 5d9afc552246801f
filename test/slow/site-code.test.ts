/** The programs in the page's code tabs: all compile, and those with default settings give the recorded bits. */
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { type Example, faces, fullFaces, houses, moons, scenes } from "../../site/catalogue.js";
import { facesCode } from "../../site/code/faces.js";
import { housesCode } from "../../site/code/houses.js";
import { moonsCode } from "../../site/code/moons.js";
import { scenesCode } from "../../site/code/scenes.js";
import type { Settings } from "../../site/train/trainer.js";
import { goldenJson, root } from "../support/files.js";
import { runProgram } from "../support/processes.js";

const folder = join(root, "build/site-code");
const run = promisify(execFile);
const recorded: Record<string, string> = { ...goldenJson("site-digests.json"), ...goldenJson("digests.json") };

/** A program for every head, and one with another batch size. */
const variants = (
  name: string,
  { heads, batches, defaults }: Example,
  code: (settings: Settings) => string,
): [string, string][] => [
  ...heads.map(({ name: head }): [string, string] => [`${name}-${head}`, code({ ...defaults, head })]),
  ...batches.slice(0, 1).map((batch): [string, string] => [`${name}-batch`, code({ ...defaults, batch })]),
];

/** Prints the SHA-256 of numbers, as scripts/digest.ts computes it. */
const hashing = (numbers: string): string => `
import { createHash } from "node:crypto";
console.log(createHash("sha256").update(new Uint8Array(Float64Array.from(${numbers}).buffer)).digest("hex"));
`;
const weights = (model: string): string => `...${model}.parameters().flatMap((p) => [...p.toTypedArray()])`;

/** Programs with default settings (some with fewer steps), and the name of the digest that each must give. */
const runs: Record<string, string> = {
  moons: moonsCode(moons.defaults) + hashing(`[${weights("model")}, ...model.forward(xTest).toTypedArray()]`),
  "houses.all@50":
    housesCode(houses.defaults).replace("epoch < 100", "epoch < 50") +
    hashing("Object.values(models).flatMap((model) => model.parameters().map((p) => p.item()))"),
  "scenes@2500": scenesCode(scenes.defaults) + hashing(`[${weights("net")}]`),
  "faces.small@20": facesCode(faces.defaults, "small").replaceAll("600", "20") + hashing(`[${weights("net")}]`),
};

const programs: [string, string][] = [
  ...variants("moons", moons, moonsCode),
  ...variants("houses", houses, housesCode),
  ...variants("scenes", scenes, scenesCode),
  ...variants("faces", faces, (settings) => facesCode(settings, "small")),
  ...variants("full", fullFaces, (settings) => facesCode(settings, "full")),
];

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, code] of programs) writeFileSync(join(folder, `${name}.ts`), code);
  for (const [name, code] of Object.entries(runs)) writeFileSync(join(folder, `run-${name}.ts`), code);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../../tsconfig.json", include: ["*.ts"] }));
});

describe("the programs in the code tabs", () => {
  it("compile, without a name too many", async () => {
    const tsc = run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
    expect(
      await tsc.then(
        ({ stdout }) => stdout,
        ({ stdout }: { stdout: string }) => stdout,
      ),
    ).toBe("");
  });

  for (const name of Object.keys(runs)) {
    it(`end in the bits of ${name}`, async () => {
      const { stdout } = await runProgram(join(folder, `run-${name}.ts`), [], { cwd: folder }); // it writes weights there
      expect(stdout.trim().split("\n").at(-1)).toBe(recorded[name]);
    });
  }
});
