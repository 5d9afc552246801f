"""Writes optim.json: parameters after steps of PyTorch's optimizers, learning rates of its schedulers, clipped gradients."""
import itertools
import json

import torch

torch.set_num_threads(1)

STEPS = 10
KEEP = (0, 1, 4, 9)
SHAPES = ((5,), (2, 3))
START = ((0.5, -1.25, 2.0, 0.0, -0.375), (1.0, -0.5, 0.25, -2.0, 0.75, 1.5))


def grads_of(step, count, seed):
    """Multiples of 1/64 in [-2, 2), so that JSON holds them exactly; some are zero."""
    return [((step * 37 + i * 101 + seed * 53 + step * i * 17) % 256 - 128) / 64 for i in range(count)]


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def options():
    for momentum, decay, maximize in itertools.product((0, 0.9), (0, 0.1), (False, True)):
        base = {"lr": 0.05, "momentum": momentum, "weight_decay": decay, "maximize": maximize}
        yield "SGD", base
        if momentum:
            yield "SGD", {**base, "dampening": 0.25}
            yield "SGD", {**base, "nesterov": True}
    for name in ("Adam", "AdamW"):
        for amsgrad, decay, maximize in itertools.product((False, True), (0, 0.1), (False, True)):
            yield name, {"lr": 0.02, "amsgrad": amsgrad, "weight_decay": decay, "maximize": maximize}
        yield name, {}
        yield name, {"lr": 0.1, "betas": (0.5, 0.75), "eps": 1e-3}
    for centered, momentum, decay in itertools.product((False, True), (0, 0.9), (0, 0.1)):
        yield "RMSprop", {"lr": 0.02, "centered": centered, "momentum": momentum, "weight_decay": decay}
    yield "RMSprop", {}
    yield "RMSprop", {"alpha": 0.5, "eps": 1e-3, "maximize": True}
    for lr_decay, decay, initial in itertools.product((0, 0.1), (0, 0.1), (0, 0.5)):
        yield "Adagrad", {"lr_decay": lr_decay, "weight_decay": decay, "initial_accumulator_value": initial}
    yield "Adagrad", {"lr": 0.1, "eps": 1e-3, "maximize": True}


def trajectory(name, opts, dtype, skip):
    """The second parameter has no gradient in step `skip`, so that step counts differ after it."""
    params = [torch.tensor(v, dtype=dtype).view(s).requires_grad_() for v, s in zip(START, SHAPES)]
    optimizer = getattr(torch.optim, name)(params, **opts)
    kept = []
    for step in range(STEPS):
        for i, p in enumerate(params):
            grad = torch.tensor(grads_of(step, p.numel(), i), dtype=dtype).view(p.shape)
            p.grad = None if i == 1 and step == skip else grad
        optimizer.step()
        if step in KEEP:
            kept.append([p.flatten().tolist() for p in params])
    return kept


def schedule(make, steps, change=None):
    p = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([{"params": [p]}, {"params": [torch.zeros(1)], "lr": 0.5}], lr=0.1)
    scheduler = make(optimizer)
    rates = [[g["lr"] for g in optimizer.param_groups]]
    for epoch in range(steps):
        optimizer.step()
        scheduler.step() if change is None else scheduler.step(change[epoch])
        rates.append([g["lr"] for g in optimizer.param_groups])
    return rates


def schedules():
    s = torch.optim.lr_scheduler
    metric = [1, 0.9, 0.95, 0.9, 0.9, 0.9, 0.85, 0.86, 0.87, 0.88, 0.85, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    yield "StepLR", [3], {"gamma": 0.5}, schedule(lambda o: s.StepLR(o, 3, gamma=0.5), 12), None
    yield "StepLR", [2], {}, schedule(lambda o: s.StepLR(o, 2), 7), None
    yield "MultiStepLR", [[2, 5, 5, 9]], {"gamma": 0.3}, schedule(
        lambda o: s.MultiStepLR(o, [2, 5, 5, 9], gamma=0.3), 12), None
    yield "ExponentialLR", [0.9], {}, schedule(lambda o: s.ExponentialLR(o, 0.9), 12), None
    yield "CosineAnnealingLR", [5], {}, schedule(lambda o: s.CosineAnnealingLR(o, 5), 24), None
    yield "CosineAnnealingLR", [7], {"etaMin": 0.01}, schedule(lambda o: s.CosineAnnealingLR(o, 7, eta_min=0.01), 30), None
    for opts in (
        {"patience": 2},
        {"patience": 1, "factor": 0.5, "cooldown": 2},
        {"patience": 1, "mode": "max", "threshold": 0.01, "threshold_mode": "abs", "min_lr": 0.002},
        {"patience": 0, "threshold_mode": "abs", "eps": 0.005},
        {"patience": 0, "mode": "max", "min_lr": [0.01, 0.02]},
    ):
        named = {camel(k): v for k, v in opts.items()}
        yield "ReduceLROnPlateau", [], named, schedule(lambda o: s.ReduceLROnPlateau(o, **opts), 20, metric), metric


def clips():
    for max_norm, norm_type in itertools.product((1.0, 100.0, 0.0), (2.0, 1.0, 3.0, float("inf"))):
        params = [torch.tensor(v).requires_grad_() for v in START]
        for i, p in enumerate(params):
            p.grad = torch.tensor(grads_of(3, p.numel(), i))
        norm = torch.nn.utils.clip_grad_norm_(params, max_norm, norm_type)
        yield {"maxNorm": max_norm, "normType": str(norm_type), "norm": norm.item(), "grads": [p.grad.tolist() for p in params]}


def main():
    runs = []
    for i, (name, opts) in enumerate(options()):
        skip = 0 if i % 2 else 2
        run = {"name": name, "options": {camel(k): v for k, v in opts.items()}, "skip": skip}
        for dtype in (torch.float32, torch.float64):
            run[str(dtype)[6:]] = trajectory(name, opts, dtype, skip)
        runs.append(run)
    document = {
        "start": START,
        "shapes": SHAPES,
        "kept": KEEP,
        "grads": [[grads_of(step, len(v), i) for i, v in enumerate(START)] for step in range(STEPS)],
        "runs": runs,
        "schedules": [dict(zip(("name", "args", "options", "rates", "metric"), row)) for row in schedules()],
        "clips": list(clips()),
    }
    with open(__file__.replace(".py", ".json"), "w") as file:
        json.dump(document, file, separators=(",", ":"))


main()
