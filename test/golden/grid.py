"""Writes grid.json: torchvision.utils.make_grid on small batches. Without torchvision it takes the documented steps of
make_grid, written here in torch. From the repository's root: python3 test/golden/grid.py
"""

import json
import math
import os

import torch

try:
    from torchvision.utils import make_grid
except ImportError:

    def make_grid(images, nrow=8, padding=2, normalize=False, value_range=None, scale_each=False, pad_value=0.0):
        if isinstance(images, list):
            images = torch.stack(images)
        if images.dim() == 2:
            images = images[None]
        if images.dim() == 3:
            images = images[None]
        if images.shape[1] == 1:
            images = images.expand(-1, 3, -1, -1)
        if normalize:
            def to_unit(x):
                low, high = value_range or (float(x.min()), float(x.max()))
                return (x.clamp(low, high) - low) / max(high - low, 1e-5)
            images = torch.stack([to_unit(x) for x in images]) if scale_each else to_unit(images)
        if images.shape[0] == 1:
            return images[0]
        count, channels, height, width = images.shape
        columns = min(nrow, count)
        rows = math.ceil(count / columns)
        grid = torch.full((channels, (height + padding) * rows + padding, (width + padding) * columns + padding),
                          float(pad_value))
        for k, image in enumerate(images):
            y, x = (k // columns) * (height + padding) + padding, (k % columns) * (width + padding) + padding
            grid[:, y:y + height, x:x + width] = image
        return grid


CASES = [
    {"shape": [5, 3, 2, 3], "options": {"nrow": 2}},
    {"shape": [3, 1, 2, 2], "options": {"padding": 1, "pad_value": 0.5}},
    {"shape": [4, 2, 2, 2], "options": {"nrow": 4, "padding": 0}},
    {"shape": [9, 1, 1, 2], "options": {}},
    {"shape": [4, 3, 2, 2], "options": {"normalize": True}},
    {"shape": [4, 3, 2, 2], "options": {"normalize": True, "scale_each": True}},
    {"shape": [3, 3, 2, 2], "options": {"normalize": True, "value_range": [-0.5, 0.5], "pad_value": 1}},
    {"shape": [1, 3, 2, 2], "options": {"normalize": True}},
    {"shape": [1, 2, 2], "options": {}},
    {"shape": [3, 2, 2], "options": {}},
    {"shape": [2, 3], "options": {}},
]

torch.manual_seed(0)
rows = []
for case in CASES:
    x = torch.randn(case["shape"])
    options = dict(case["options"])
    if "value_range" in options:
        options["value_range"] = tuple(options["value_range"])
    grid = make_grid(x, **options)
    rows.append({**case, "input": x.flatten().tolist(), "out": list(grid.shape), "output": grid.flatten().tolist()})

with open(os.path.join(os.path.dirname(__file__), "grid.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
