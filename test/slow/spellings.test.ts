/**
 * Random programs whose arguments are spelled at random, by position or by keyword, against PyTorch, which runs them in
 * a spelling of its own. SIMDGRAD_PROGRAMS=3000 asks for more of them.
 */

import * as simdgrad from "simdgrad";
import { F, SimdgradError, scope, Tensor, tensor } from "simdgrad";
import { expect, it } from "vitest";
import { Dice, type Program, randomProgram, type Step, type Value } from "../support/spellings.js";
import { inTorch } from "../support/torch.js";

const COUNT = Number(process.env.SIMDGRAD_PROGRAMS ?? 400);

/** What a program gave: the result's shape and elements, or that a call was refused. */
type Outcome = { shape: number[]; values: (number | string)[] } | { refused: string };

/** Runs the programs of a file: PyTorch's names are ours with underscores. */
const SCRIPT = `
import json, random, re
F = torch.nn.functional
random.seed(1)
snake = lambda name: re.sub(r"[A-Z]", lambda m: "_" + m[0].lower(), name)
TYPES = {"float64": torch.float64, "int32": torch.int64}
def run(program):
    inputs = [torch.tensor(x["values"], dtype=TYPES[x["dtype"]]).reshape(x["shape"]) for x in program["inputs"]]
    results = []
    def value(v):
        if isinstance(v, dict): return results[-v["tensor"] - 1] if v["tensor"] < 0 else inputs[v["tensor"]]
        return v
    for step in program["steps"]:
        name = step["name"]
        f = getattr(F, snake(name[2:])) if name.startswith("F.") else getattr(torch, snake(name))
        count = random.randint(1, step["most"])
        args = [value(v) for _, v in step["args"][:count]]
        keywords = {snake(k): value(v) for k, v in step["args"][count:]}
        results.append(f(*args, **keywords))
    return results[-1]
def plain(x):
    return x if x == x and abs(x) != float("inf") else str(x)
out = []
for program in json.loads(sys.stdin.read() if len(sys.argv) < 2 else open(sys.argv[1]).read()):
    try:
        y = run(program)
        out.append({"shape": list(y.shape), "values": [plain(v) for v in y.double().flatten().tolist()]})
    except Exception as error:
        out.append({"refused": str(error).split("\\n")[0][:200]})
print(json.dumps(out))
`;

const plain = (x: number): number | string =>
  Number.isFinite(x) ? x : String(x).replace("Infinity", "inf").replace("NaN", "nan");

function run(program: Program, dice: Dice): Outcome {
  return scope((): Outcome => {
    const inputs = program.inputs.map(({ values, shape, dtype }) =>
      tensor([...values], { dtype: dtype === "int32" ? "int32" : "float64" }).reshape([...shape]),
    );
    const results: Tensor[] = [];
    const value = (v: Value): unknown => {
      if (typeof v !== "object" || v === null || !("tensor" in v)) return v;
      return v.tensor < 0 ? results[-v.tensor - 1] : inputs[v.tensor];
    };
    try {
      for (const step of program.steps) results.push(call(step, value, dice));
    } catch (error) {
      if (error instanceof SimdgradError) return { refused: error.message };
      throw error;
    }
    const last = results.at(-1)!;
    return { shape: [...last.shape], values: [...last.toTypedArray()].map(plain) };
  });
}

/** One call with its last arguments as keywords, as the dice fall; often as a method where there is one. */
function call({ name, args, most }: Step, value: (v: Value) => unknown, dice: Dice): Tensor {
  const count = 1 + dice.below(most);
  const keywords = Object.fromEntries(args.slice(count).map(([key, v]) => [key, value(v)]));
  const given = [...args.slice(0, count).map(([, v]) => value(v)), ...(count < args.length ? [keywords] : [])];
  const [self, ...rest] = given;
  const method: unknown = name.startsWith("F.") ? undefined : Reflect.get(Object(self), name);
  const f: unknown = name.startsWith("F.") ? Reflect.get(F, name.slice(2)) : Reflect.get(simdgrad, name);
  const result: unknown =
    typeof method === "function" && dice.chance(2)
      ? method.apply(self, rest)
      : typeof f === "function"
        ? f(...given)
        : undefined;
  if (result instanceof Tensor) return result;
  throw new Error(`${name} is no function that gives a tensor`);
}

/** Whether two elements agree to the last few bits of float64. */
function agree(a: number | string, b: number | string): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return Math.abs(a - b) <= 1e-10 * Math.max(1, Math.abs(a), Math.abs(b));
}

function differs(ours: Outcome, theirs: Outcome): boolean {
  if ("refused" in ours || "refused" in theirs) return "refused" in ours !== "refused" in theirs;
  if (JSON.stringify(ours.shape) !== JSON.stringify(theirs.shape)) return true;
  return !ours.values.every((x, i) => agree(x, theirs.values[i]!));
}

it(`${COUNT} programs give what PyTorch gives`, async (context) => {
  const programs = Array.from({ length: COUNT }, (_, seed) => randomProgram(seed));
  const { mkdtempSync, writeFileSync, rmSync } = await import("node:fs");
  const folder = mkdtempSync("spellings-");
  writeFileSync(`${folder}/programs.json`, JSON.stringify(programs));
  const output = inTorch(SCRIPT, `${folder}/programs.json`);
  rmSync(folder, { recursive: true });
  if (output === undefined) return context.skip("no Python with PyTorch");
  const theirs = JSON.parse(output) as Outcome[];
  const dice = new Dice(99);
  const faults: unknown[] = [];
  let refused = 0;
  programs.forEach((program, i) => {
    const ours = run(program, dice);
    if ("refused" in ours) refused++;
    if (differs(ours, theirs[i]!)) faults.push({ seed: i, steps: program.steps, ours, theirs: theirs[i] });
  });
  expect(faults.slice(0, 5), `${faults.length} of ${COUNT} differ`).toEqual([]);
  expect(refused).toBeLessThan(COUNT / 2);
});
