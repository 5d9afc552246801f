"""Writes pth/*.pth: small files of torch.save (PyTorch 1.13) in both of its formats, and pth.json with their contents.

    python3 test/golden/pth.py
"""

import collections
import json
import os
import pickle

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "pth")
os.makedirs(FOLDER, exist_ok=True)
torch.manual_seed(0)

base = torch.arange(12, dtype=torch.float32).reshape(3, 4)
model = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 2), torch.nn.BatchNorm2d(2))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
model(torch.rand(2, 1, 3, 3)).sum().backward()
optimizer.step()
values = {
    "dtypes": collections.OrderedDict(
        float32=torch.tensor([1.5, -2.0, float("inf"), float("nan"), 1e-45]),
        float64=torch.tensor([[0.1, -1e300]], dtype=torch.float64),
        float16=torch.tensor([1.5, -65504.0, 6e-8, float("-inf")], dtype=torch.float16),
        bfloat16=torch.tensor([1.5, -3e38, 1e-40], dtype=torch.bfloat16),
        int64=torch.tensor([1, -2, 2**31 - 1, -(2**31)]),
        int32=torch.tensor([[7], [-7]], dtype=torch.int32),
        int16=torch.tensor([300, -300], dtype=torch.int16),
        int8=torch.tensor([-128, 127], dtype=torch.int8),
        uint8=torch.tensor([0, 255], dtype=torch.uint8),
        bool=torch.tensor([True, False, True]),
        scalar=torch.tensor(2.5),
        empty=torch.zeros(0, 3),
    ),
    "views": {"base": base, "row": base[1], "transposed": base.t(), "expanded": torch.tensor([5.0]).expand(2, 3), "tail": base[1:, 2:]},
    "plain": {"epoch": 3, "lr": 0.5, "big": 2**40, "huge": 2**70, "none": None, "flag": True, "text": "naïve ☃", "list": [1, [2.5, (3, 4)]], "size": torch.Size([2, 3]), "dtype": torch.float16, "set": {1, 2}},
    "parameters": [torch.nn.Parameter(torch.tensor([1.0, 2.0])), torch.nn.Parameter(torch.tensor([3]), requires_grad=False)],
    "state": {"model": model.state_dict(), "optimizer": optimizer.state_dict()},
}


def show(x):
    if isinstance(x, torch.Tensor):
        kind = "float32" if x.dtype in (torch.float16, torch.bfloat16) else "int32" if x.dtype in (torch.int64, torch.int16, torch.int8) else str(x.dtype)[6:]
        return {"dtype": kind, "shape": list(x.shape), "data": [str(v) for v in x.detach().double().flatten().tolist()]}
    if isinstance(x, dict):
        return {str(k): show(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [show(v) for v in x]
    if isinstance(x, set):
        return sorted(x)
    return str(x) if isinstance(x, torch.dtype) or (isinstance(x, int) and abs(x) > 2**53) else x


for name, value in values.items():
    torch.save(value, os.path.join(FOLDER, f"{name}.pth"))
    torch.save(value, os.path.join(FOLDER, f"{name}.legacy.pth"), _use_new_zipfile_serialization=False)
torch.save(torch.tensor([2**31]), os.path.join(FOLDER, "too-large.pth"))
torch.save(model, os.path.join(FOLDER, "module.pth"))
torch.save({"z": torch.zeros(1, dtype=torch.complex64)}, os.path.join(FOLDER, "complex.pth"))


def training():
    """A training's checkpoint, with the weights and rates that the next steps give."""
    model = torch.nn.Linear(2, 1).double()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1, amsgrad=True)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2, gamma=0.5)

    def step():
        optimizer.zero_grad()
        model(torch.ones(1, 2, dtype=torch.float64)).pow(2).sum().backward()
        optimizer.step()
        scheduler.step()

    for _ in range(3):
        step()
    saved = {"model": model.state_dict(), "opt": optimizer.state_dict(), "sched": scheduler.state_dict(), "epoch": 3}
    saved = pickle.loads(pickle.dumps(saved))
    step()
    return {**saved, "after": {"weight": model.weight.detach().clone(), "lr": scheduler.get_last_lr()}}


def schedule(make, step=lambda scheduler: scheduler.step()):
    """A scheduler's and its optimizer's state after three epochs, and the rates of the next three."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1, momentum=0.9)
    scheduler = make(optimizer)
    rates = []
    for epoch in range(6):
        if epoch == 3:
            saved = pickle.loads(pickle.dumps((optimizer.state_dict(), scheduler.state_dict())))
        step(scheduler)
        rates.append(optimizer.param_groups[0]["lr"])
    return {"opt": saved[0], "sched": saved[1], "rates": rates[3:]}


lrs = torch.optim.lr_scheduler
schedules = {
    "MultiStepLR": schedule(lambda o: lrs.MultiStepLR(o, [2, 4, 4], gamma=0.5)),
    "ExponentialLR": schedule(lambda o: lrs.ExponentialLR(o, 0.5)),
    "CosineAnnealingLR": schedule(lambda o: lrs.CosineAnnealingLR(o, 5, eta_min=0.01)),
    "LambdaLR": schedule(lambda o: lrs.LambdaLR(o, lambda epoch: 0.5**epoch)),
    "ReduceLROnPlateau": schedule(lambda o: lrs.ReduceLROnPlateau(o, patience=1), lambda s: s.step(1)),
}
torch.save({**training(), "schedules": schedules}, os.path.join(FOLDER, "training.pth"))
with open(os.path.join(HERE, "pth.json"), "w") as file:
    json.dump({name: show(value) for name, value in values.items()}, file, indent=1)
    file.write("\n")
