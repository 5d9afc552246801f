"""Writes linear.json: the initial parameters of torch.nn.Linear, its output, and gradients of input and weight."""
import json
import pathlib
import torch

torch.set_num_threads(1)
cases = []
for seed, inputs, outputs, bias, dtype in [
    (0, 2, 2, True, torch.float64),
    (0, 2, 1, True, torch.float32),
    (7, 5, 3, False, torch.float32),
    (3, 16, 4, True, torch.float32),
    (3, 17, 9, True, torch.float64),
]:
    torch.manual_seed(seed)
    layer = torch.nn.Linear(inputs, outputs, bias=bias, dtype=dtype)
    x = (torch.arange(6 * inputs, dtype=dtype).reshape(2, 3, inputs) % 7 - 3) / 4
    x.requires_grad_(True)
    y = layer(x)
    (y * y).sum().backward()
    values = {"weight": layer.weight, "bias": layer.bias, "output": y, "dx": x.grad, "dw": layer.weight.grad}
    cases.append({
        "seed": seed, "inputs": inputs, "outputs": outputs, "bias": bias, "dtype": str(dtype)[6:],
        "values": {k: v.detach().flatten().tolist() for k, v in values.items() if v is not None},
    })
path = pathlib.Path(__file__).with_name("linear.json")
path.write_text(json.dumps(cases) + "\n")
