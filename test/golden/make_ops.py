"""Writes ops/<theme>.json: PyTorch 1.13's results of the cases on the standard input. scripts/golden.ts runs it:

    npm run golden              all themes
    npm run golden -- math      some of them

A case that did not change keeps its values, because another processor may round their last bits differently. To compute
all values of a theme again, delete its file first.
"""

import json
import math
import os
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
DTYPES = {"float32": torch.float32, "float64": torch.float64, "int32": torch.int32, "int64": torch.int64,
          "uint8": torch.uint8, "bool": torch.bool}
NAMES = {torch.float32: "float32", torch.float64: "float64", torch.int32: "int32", torch.int64: "int32",
         torch.uint8: "uint8", torch.bool: "bool"}


def leaf(spec):
    words = [float(word) for word in spec["data"].split()]
    values = np.array(words, dtype=np.float64).reshape(spec["shape"])
    with np.errstate(over="ignore"):
        x = torch.from_numpy(values).to(DTYPES[spec["dtype"]])
    return x.requires_grad_(spec["grad"])


def show(x):
    """dtype, shape and elements; floats as the shortest decimals that read back as the same bits."""
    flat = x.detach().contiguous().flatten().numpy()
    form = f"{NAMES[x.dtype]} [{','.join(map(str, x.shape))}]"
    if not x.dtype.is_floating_point:
        return " ".join([form, *(str(int(v)) for v in flat)])

    def word(v):
        if not np.isfinite(v):
            return "nan" if np.isnan(v) else "inf" if v > 0 else "-inf"
        short = np.format_float_scientific(v, trim="-", exp_digits=1) if v != 0 and not 1e-3 < abs(v) < 1e7 else \
            np.format_float_positional(v, trim="-")
        return short.replace("e+", "e")

    return " ".join([form, *map(word, flat)])


def mask(x):
    """1 where there is NaN."""
    return "".join("1" if v else "0" for v in torch.isnan(x.detach()).flatten().tolist())


def evaluate(case, weights):
    leaves = [leaf(spec) for spec in case["inputs"]]
    names = dict(zip("xyzw", leaves), torch=torch, F=F, nn=nn, math=math, np=np)
    outs = eval(case["torch"], names)
    outs = [outs] if isinstance(outs, torch.Tensor) else list(outs)
    roots = [(j, out) for j, out in enumerate(outs) if out.requires_grad]
    grads = [None] * len(leaves)
    wanted = [i for i, x in enumerate(leaves) if x.requires_grad]
    if roots and wanted:
        starts = []
        for j, out in roots:
            cycle = [weights[(i + 101 * j) % len(weights)] for i in range(out.numel())]
            starts.append(torch.tensor(cycle, dtype=out.dtype).reshape(out.shape))
        found = torch.autograd.grad([out for _, out in roots], [leaves[i] for i in wanted], starts, allow_unused=True)
        for i, g in zip(wanted, found):
            grads[i] = g
    write = mask if case["maskOnly"] else show
    return {"hash": case["hash"], "outs": [write(o) for o in outs], "grads": [None if g is None else write(g) for g in grads]}


def values_of(case, weights, known):
    """The recorded values if their inputs are the same, else PyTorch's."""
    return known if known is not None and known["hash"] == case["hash"] else evaluate(case, weights)


def main():
    dumped = json.load(sys.stdin)
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ops")
    for theme, rows in dumped["themes"]:
        path = os.path.join(folder, f"{theme}.json")
        recorded = {}
        if os.path.exists(path):
            with open(path) as file:
                recorded = json.load(file)
        blocks = []
        for name, cases in rows:
            lines = []
            for case in cases:
                try:
                    entry = values_of(case, dumped["weights"], recorded.get(name, {}).get(case["key"]))
                except Exception as error:
                    sys.exit(f"{theme}, {name}, {case['key']}: {error}")
                lines.append(f"{json.dumps(case['key'])}: {json.dumps(entry, separators=(',', ':'))}")
            blocks.append(f"{json.dumps(name)}: {{\n" + ",\n".join(dict.fromkeys(lines)) + "\n}")
        with open(path, "w") as file:
            file.write("{\n" + ",\n".join(blocks) + "\n}\n")


main()
