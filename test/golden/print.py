"""Writes print.json: tensors as PyTorch prints them (`python3 test/golden/print.py`)."""
import json
import math
import os

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
for case in out.values():
    case["text"] = case["text"].replace("torch.", "")
here = os.path.dirname(os.path.abspath(__file__))


def plain(value):
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


with open(os.path.join(here, "print.json"), "w") as file:
    json.dump({name: {**case, "data": plain(case.get("data"))} for name, case in out.items()}, file, indent=1)
