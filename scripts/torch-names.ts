/**
 * `npm run maintain -- names`: writes docs/pytorch-names.md, a list of PyTorch's names and what they are here, from
 * test/golden/torch-names.json and the signatures in test/support/calls.ts. With a Python that has PyTorch 1.13 it reads
 * PyTorch's names anew first. test/unit/project/torch-names.test.ts compares the file with {@link namesPage}.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as simdgrad from "simdgrad";
import * as data from "simdgrad/data";
import * as io from "simdgrad/io";
import { CALLS } from "../test/support/calls.js";
import { inTorch } from "../test/support/torch.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const NAMES = join(root, "test/golden/torch-names.json");
export const PAGE = join(root, "docs/pytorch-names.md");

const SCRIPT = `
import json, inspect, torch.utils.data, torch.distributions
def public(module, keep):
    out = []
    for name in sorted(dir(module)):
        if name.startswith("_"): continue
        value = getattr(module, name)
        if keep(value): out.append(name)
    return out
isfunction = lambda v: callable(v) and not inspect.isclass(v) and not inspect.ismodule(v)
of = lambda base: (lambda v: inspect.isclass(v) and issubclass(v, base) and v is not base)
functions = [n for n in public(torch, isfunction) if n in torch.__all__ or hasattr(torch._C._VariableFunctions, n)]
inits = [n for n in public(torch.nn.init, inspect.isfunction)]
print(json.dumps({
  "torch": functions,
  "torch.Tensor": [n for n in public(torch.Tensor, callable)],
  "torch.nn": public(torch.nn, of(torch.nn.Module)),
  "torch.nn.functional": public(torch.nn.functional, lambda v: isfunction(v) and getattr(v, "__doc__", None)),
  "torch.nn.init": inits,
  "torch.optim": public(torch.optim, of(torch.optim.Optimizer)),
  "torch.optim.lr_scheduler": public(torch.optim.lr_scheduler, lambda v: inspect.isclass(v) and v.__module__ == "torch.optim.lr_scheduler"),
  "torch.utils.data": public(torch.utils.data, lambda v: inspect.isclass(v) and v.__module__.startswith("torch.utils.data") and "datapipes" not in v.__module__),
  "torch.distributions": public(torch.distributions, of(torch.distributions.Distribution)),
}))
`;

type Names = Readonly<Record<string, readonly string[]>>;

const camel = (name: string): string =>
  name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/^_/, "");

/** The names here that PyTorch spells otherwise, by PyTorch's. */
const OTHER: Readonly<Record<string, string>> = {
  "torch.cross": "",
  "torch.save": "save of simdgrad/io",
  "torch.load": "load of simdgrad/io",
  "torch.no_grad": "noGrad(() => …)",
  "torch.enable_grad": "enableGrad(() => …)",
  "torch.clamp_min": "clampMin",
  "torch.empty": "empty, filled with zeros",
  "torch.empty_like": "emptyLike, filled with zeros",
  "torch.Tensor.numpy": "toTypedArray",
  "torch.Tensor.numel": "numel, a property",
  "torch.Tensor.stride": "strides, a property",
  "torch.Tensor.nelement": "numel, a property",
  "torch.Tensor.type_as": "to",
  "torch.Tensor.split_with_sizes": "split",
  "torch.Tensor.is_floating_point": "dtype",
  "torch.nn.functional.logsigmoid": "F.logsigmoid",
};

/** Where each of PyTorch's modules is here, and the prefix of its names. */
const PLACES: readonly [torch: string, prefix: string, names: object][] = [
  ["torch", "", simdgrad],
  ["torch.Tensor", "x.", simdgrad.Tensor.prototype],
  ["torch.nn", "nn.", simdgrad.nn],
  ["torch.nn.functional", "F.", simdgrad.F],
  ["torch.nn.init", "nn.init.", simdgrad.nn.init],
  ["torch.optim", "optim.", simdgrad.optim],
  ["torch.optim.lr_scheduler", "optim.", simdgrad.optim],
  ["torch.utils.data", "", data],
  ["torch.distributions", "", {}],
];

/** What a name is here; undefined where it is missing. */
function here(torch: string, prefix: string, names: object, name: string): string | undefined {
  const other = OTHER[`${torch}.${name}`];
  if (other !== undefined) return other === "" ? undefined : other;
  const found = [name, camel(name), name.endsWith("_") ? `${camel(name.slice(0, -1))}_` : name].find((n) => n in names);
  if (found === undefined) return torch === "torch" && camel(name) in io ? `${camel(name)} of simdgrad/io` : undefined;
  const path = `${prefix}${found}`;
  const sample = CALLS[prefix === "x." ? found : path]?.();
  if (sample === undefined) return path;
  const args = Object.keys(sample).filter((key) => !key.startsWith("$"));
  const keywords = Object.keys(sample.$ ?? {});
  const shown = prefix === "x." ? args.slice(1) : args;
  return `${path}(${[...shown, ...(keywords.length > 0 ? [`{ ${keywords.join(", ")} }`] : [])].join(", ")})`;
}

/** The text of docs/pytorch-names.md. */
export function namesPage(): string {
  const all = JSON.parse(readFileSync(NAMES, "utf8")) as Names;
  const sections = PLACES.map(([torch, prefix, names]) => {
    const rows = all[torch]!.map((name) => [name, here(torch, prefix, names, name)] as const);
    const found = rows.filter(([, what]) => what !== undefined);
    const missing = rows.filter(([, what]) => what === undefined).map(([name]) => `\`${name}\``);
    const table = found.map(([name, what]) => `| \`${name}\` | \`${what}\` |`);
    return [
      `## ${torch}`,
      `${found.length} of ${rows.length} names are here.`,
      ...(found.length > 0 ? [["| PyTorch | here |", "|---|---|", ...table].join("\n")] : []),
      ...(missing.length > 0 ? [`Not here: ${missing.join(", ")}.`] : []),
    ].join("\n\n");
  });
  return `# PyTorch's names

Generated from the public names of PyTorch 1.13 and the signatures here, by \`npm run maintain -- names\`. Every argument may stand at its position or, from there on, in one object of keywords at the end; those in
\`{ }\` are keywords alone. How the languages differ is in [porting-from-pytorch.md](porting-from-pytorch.md).

${sections.join("\n\n")}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const names = inTorch(SCRIPT);
  if (names !== undefined) writeFileSync(NAMES, `${JSON.stringify(JSON.parse(names), null, 1)}\n`);
  writeFileSync(PAGE, namesPage());
}
