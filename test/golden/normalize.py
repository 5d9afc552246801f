"""Writes normalize.json: normalising layers over several steps of training, with their running statistics, and then in
evaluation, from PyTorch 1.13.1 on the CPU. Inputs and weights are uniform draws; every step descends a little."""
import json
import pathlib
import torch

torch.set_num_threads(1)
STEPS = 4
SGD = 0.25

#        layer             arguments  options                                                        shape
LAYERS = [
    ("BatchNorm1d", [3], {}, [6, 3]),
    ("BatchNorm1d", [3], {"momentum": None}, [4, 3, 5]),
    ("BatchNorm1d", [1], {"momentum": 1.0, "eps": 0.01}, [5, 1]),
    ("BatchNorm1d", [4], {"momentum": 0.0}, [2, 4, 9]),
    ("BatchNorm1d", [2], {"affine": False, "momentum": 0.3}, [7, 2]),
    ("BatchNorm1d", [2], {"track_running_stats": False}, [3, 2, 2]),
    ("BatchNorm2d", [3], {}, [2, 3, 4, 5]),
    ("BatchNorm2d", [2], {"momentum": None, "affine": False}, [3, 2, 1, 1]),
    ("BatchNorm2d", [2], {"track_running_stats": False, "affine": False}, [1, 2, 3, 3]),
    ("InstanceNorm1d", [3], {}, [2, 3, 5]),
    ("InstanceNorm1d", [3], {"affine": True}, [3, 7]),
    ("InstanceNorm1d", [2], {"affine": True, "track_running_stats": True, "momentum": 0.3}, [4, 2, 6]),
    ("InstanceNorm2d", [2], {"affine": True, "track_running_stats": True}, [3, 2, 3, 4]),
    ("InstanceNorm2d", [2], {"track_running_stats": True, "momentum": 0.5}, [2, 3, 3]),
    ("LayerNorm", [5], {}, [3, 4, 5]),
    ("LayerNorm", [[2, 3]], {"eps": 0.001}, [4, 2, 3]),
    ("LayerNorm", [6], {"elementwise_affine": False}, [2, 6]),
    ("GroupNorm", [2, 6], {}, [3, 6, 2, 2]),
    ("GroupNorm", [1, 4], {"eps": 0.01}, [2, 4]),
    ("GroupNorm", [3, 3], {"affine": False}, [2, 3, 5]),
]


def listed(values):
    return {name: value.detach().flatten().tolist() for name, value in values.items()}


def step(layer, shape, dtype):
    """The results of one forward and backward pass."""
    x = (torch.rand(shape, dtype=dtype) * 3 - 1).requires_grad_()
    weights = torch.rand(shape, dtype=dtype)
    out = layer(x)
    layer.zero_grad()
    if out.requires_grad:
        (out * weights).sum().backward()
    grads = {f"{name}.grad": parameter.grad for name, parameter in layer.named_parameters()}
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter -= SGD * parameter.grad
    return listed({"output": out, "input.grad": x.grad, **grads, **layer.state_dict()})


runs = []
for dtype in (torch.float32, torch.float64):
    for seed, (name, arguments, options, shape) in enumerate(LAYERS):
        torch.manual_seed(seed)
        layer = getattr(torch.nn, name)(*arguments, **options, dtype=dtype)
        steps = [step(layer, shape, dtype) for _ in range(STEPS)]
        layer.eval()
        steps.append(step(layer, shape, dtype))
        runs.append({
            "layer": name, "arguments": arguments, "options": options, "shape": shape, "dtype": str(dtype)[6:],
            "seed": seed, "repr": repr(layer), "keys": list(layer.state_dict()), "steps": steps,
        })
path = pathlib.Path(__file__).with_name("normalize.json")
path.write_text(json.dumps({"sgd": SGD, "runs": runs}, separators=(",", ":")) + "\n")
