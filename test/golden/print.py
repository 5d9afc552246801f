"""Writes print.json: tensors as PyTorch prints them (`python3 test/golden/print.py`)."""
import json
import math
import os
import random

import torch

nan, inf = math.nan, math.inf
values = {
    "whole": [1.0, 2.0, 3.0],
    "mixed": [[1.0, 2.5], [-3.0, 4.25]],
    "small": [0.00001, 1.0],
    "wide": [1.0, 12345.678],
    "huge": [1e10, 1.0],
    "whole huge": [100000000.0, 1.0],
    "special": [1.5, nan, -inf, inf],
    "whole special": [1.0, nan, inf],
    "only nan": [nan, nan],
    "zeros": [0.0, -0.0],
    "tiny": [1e-30, 2e-30],
    "ratio": [0.001, 1.0, 999.0],
    "ratio over": [0.001, 1.0, 1001.0],
    "scalar": 3.25,
    "negative scalar": -2.0,
    "empty": [],
    "deep": [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]],
    "long row": [i / 7 for i in range(40)],
    "long whole row": [float(i) for i in range(40)],
    "exponents": [1e-20, 1e20],
}
out = {}
for name, data in values.items():
    for dtype in (torch.float32, torch.float64):
        out[f"{name} {str(dtype)[6:]}"] = {"data": data, "dtype": str(dtype)[6:], "text": str(torch.tensor(data, dtype=dtype))}
ints = {"ints": [[1, -20], [300, 4]], "int scalar": 7, "long ints": list(range(60))}
for name, data in ints.items():
    out[name] = {"data": data, "dtype": "int32", "text": str(torch.tensor(data, dtype=torch.int32))}
for name, data in {"bools": [[True, False], [False, False]], "bool scalar": True}.items():
    out[name] = {"data": data, "dtype": "bool", "text": str(torch.tensor(data))}
for name, shape in {"summary": [2000], "summary matrix": [50, 40], "summary deep": [3, 30, 30], "summary narrow": [600, 2]}.items():
    n = math.prod(shape)
    out[name] = {"arange": n, "shape": shape, "dtype": "float32", "text": str(torch.arange(n, dtype=torch.float32).view(shape))}
out["empty matrix"] = {"arange": 0, "shape": [0, 3], "dtype": "float32", "text": str(torch.zeros(0, 3))}
more = {"all true": [True, True], "empty bools": [], "halves": [0.03125, -0.09375, 1.5], "half powers": [100005.0, 0.5, -100015.0]}
for name, data in more.items():
    dtype = torch.bool if "true" in name or "bools" in name else torch.float32
    out[name] = {"data": data, "dtype": str(dtype)[6:], "text": str(torch.tensor(data, dtype=dtype))}
for name, shape, dtype in [("empty rows", [2, 0], torch.float64), ("empty deep ints", [2, 0, 3], torch.int32), ("empty ints", [0], torch.int32)]:
    out[name] = {"arange": 0, "shape": shape, "dtype": str(dtype)[6:], "text": str(torch.zeros(shape, dtype=dtype))}

rng = random.Random(0)
SHAPES = [[], [1], [7], [13], [60], [2, 3], [5, 12], [3, 30], [2, 2, 2], [2, 3, 9], [1, 1, 5], [2, 1, 2, 2], [8, 7, 2], [1001], [40, 26], [2, 600], [11, 10, 10]]


def draw(kind):
    if kind == "special" and rng.random() < 0.3:
        return rng.choice([nan, inf, -inf, 0.0, -0.0])
    if kind == "whole":
        return float(rng.randint(-900, 900))
    if kind == "powers":
        return rng.choice([-1, 1]) * 10 ** rng.uniform(-12, 12)
    if kind == "halves":
        return rng.randint(-200, 200) / 32
    if kind == "large":
        return rng.uniform(-1e9, 1e9)
    return rng.gauss(0, 1)


KINDS = ["normal", "special", "whole", "powers", "halves", "large", "int32", "uint8", "bool"]
for i in range(68):
    kind, shape = KINDS[i % 9], SHAPES[(5 * i) % len(SHAPES)]
    dtype = getattr(torch, kind) if i % 9 > 5 else rng.choice([torch.float32, torch.float64])
    one = lambda: draw(kind)
    if kind == "bool":
        one = lambda: rng.random() < 0.5
    elif i % 9 > 5:
        low, high = (0, 255) if kind == "uint8" else rng.choice([(-9, 9), (-(2**31), 2**31 - 1)])
        one = lambda: rng.randint(low, high)
    count = math.prod(shape)
    # The values come again and again in a large tensor
    cycle = torch.tensor([one() for _ in range(min(count, 61))], dtype=dtype).tolist()
    text = str(torch.tensor([cycle[k % 61] for k in range(count)], dtype=dtype).view(shape))
    out[f"random {i}: {kind}"] = {"data": cycle, "shape": shape, "dtype": str(dtype)[6:], "text": text}
here = os.path.dirname(os.path.abspath(__file__))


def plain(value):
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


lines = [f" {json.dumps(name)}: {json.dumps({**case, 'data': plain(case.get('data'))})}" for name, case in out.items()]
with open(os.path.join(here, "print.json"), "w") as file:
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
