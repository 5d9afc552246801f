"""Writes loss.json: values and gradients of PyTorch's losses, softmax and log_softmax, with edge cases."""
import json
import math

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
inf, nan = math.inf, math.nan


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def plain(value):
    """Nested lists with text for NaN and infinities, which JSON lacks."""
    if isinstance(value, torch.Tensor):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    return value


def spread(count, low, high, seed=1):
    """Unsorted values between low and high with few digits."""
    return [low + (high - low) * ((i * 37 + seed * 61) % 101) / 128 for i in range(count)]


def run(fn, x, y, dtype, **opts):
    """The loss, and the gradient of the weighted sum of its elements (weights 1, 2, 3 …) by input and target."""
    x = torch.tensor(x, dtype=dtype).requires_grad_()
    labels = fn in ("cross_entropy", "nll_loss") and opts.pop("labels", True)
    y = torch.tensor(y, dtype=torch.long if labels else dtype)
    wants = not labels and fn not in ("nll_loss",)
    if wants:
        y.requires_grad_()
    named = {k: torch.tensor(v, dtype=dtype) if k in ("weight", "pos_weight") else v for k, v in opts.items()}
    out = getattr(F, fn)(x, y, **named)
    seed = torch.arange(1, out.numel() + 1, dtype=dtype).view(out.shape)
    out.backward(seed)
    case = {
        "fn": camel(fn), "dtype": str(dtype)[6:], "input": plain(x), "inputShape": list(x.shape), "target": plain(y),
        "targetShape": list(y.shape), "labels": bool(labels), "options": {camel(k): plain(v) for k, v in opts.items()},
        "out": plain(out), "outShape": list(out.shape), "grad": plain(x.grad),
    }
    if wants:
        case["targetGrad"] = plain(y.grad)
    return case


def grid(count, columns, values):
    return [values[i * columns:(i + 1) * columns] for i in range(count)]


def losses(dtype):
    reductions = ("mean", "sum", "none")
    signed = spread(11, -3, 3)
    other = spread(11, -3, 3, 5)
    prob = spread(11, 0.01, 0.99)
    target = spread(11, 0, 1, 3)
    for reduction in reductions:
        r = {"reduction": reduction}
        yield run("mse_loss", signed, other, dtype, **r)
        yield run("l1_loss", [*signed, 1.0, 0.0], [*other, 1.0, -0.0], dtype, **r)
        for beta in (1.0, 0.5):
            kinks = [0.0, beta, -beta, 2 * beta]
            yield run("smooth_l1_loss", [*signed, *kinks], [*other, 0.0, 0.0, 0.0, 0.0], dtype, beta=beta, **r)
            yield run("huber_loss", [*signed, *kinks], [*other, 0.0, 0.0, 0.0, 0.0], dtype, delta=beta, **r)
        yield run("smooth_l1_loss", [1.0, 0.0, -2.0], [0.0, 0.0, 0.0], dtype, beta=0.0, **r)
        edges = [0.0, 1.0, 0.0, 1.0, 1e-30, 0.5]
        yield run("binary_cross_entropy", [*prob, *edges], [*target, 0.0, 1.0, 1.0, 0.0, 1.0, 0.5], dtype, **r)
        two = [prob[:3], prob[3:6]], [target[:3], target[3:6]]
        yield run("binary_cross_entropy", *two, dtype, weight=[0.5, 2.0, 1.0], **r)
        yield run("binary_cross_entropy", *two, dtype, weight=[[0.5], [3.0]], **r)
        edges = [0.0, -0.0, 100.0, -100.0, 1000.0, -1000.0]
        yield run("binary_cross_entropy_with_logits", [*signed, *edges], [*target, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0], dtype, **r)
        two = [signed[:3], signed[3:6]], [target[:3], target[3:6]]
        for opts in ({"weight": [0.5, 2.0, 1.0]}, {"pos_weight": [3.0, 0.5, 1.0]},
                     {"weight": [[2.0], [0.5]], "pos_weight": [3.0, 0.5, 1.0]}):
            yield run("binary_cross_entropy_with_logits", *two, dtype, **opts, **r)
        yield run("kl_div", signed, [*target[:10], 0.0], dtype, **r)
        yield run("kl_div", signed, other, dtype, log_target=True, **r)
        logits = grid(4, 5, spread(20, -4, 4))
        image = [[[-1.0, 0.5, 2.0], [0.25, 0.0, 1.0], [1.5, -2.0, 0.75], [0.0, 0.0, 0.0]],
                 [[0.5, 0.5, 0.5], [3.0, -3.0, 0.125], [0.0, 1.0, 2.0], [1.0, 1.0, -1.0]]]
        weight = [0.5, 2.0, 1.0, 0.25, 3.0]
        for fn in ("cross_entropy", "nll_loss"):
            yield run(fn, logits, [0, 4, 2, 2], dtype, **r)
            yield run(fn, logits, [0, 4, 2, 2], dtype, weight=weight, **r)
            yield run(fn, logits, [0, -100, 2, -100], dtype, weight=weight, **r)
            yield run(fn, logits, [1, 1, 2, 0], dtype, ignore_index=1, **r)
            yield run(fn, logits, [-100] * 4, dtype, **r)
            yield run(fn, image, [[0, 1, 3], [2, -100, 1]], dtype, weight=weight[:4], **r)
            yield run(fn, logits[0], 3, dtype, **r)
        for opts in ({}, {"weight": weight}):
            yield run("cross_entropy", logits, [0, 4, 2, -100], dtype, label_smoothing=0.25, **opts, **r)
            probabilities = grid(4, 5, spread(20, 0, 1, 7))
            yield run("cross_entropy", logits, probabilities, dtype, labels=False, **opts, **r)
            yield run("cross_entropy", logits, probabilities, dtype, labels=False, label_smoothing=0.25, **opts, **r)
        yield run("cross_entropy", image, [[0, 1, 3], [2, -100, 1]], dtype, label_smoothing=0.5, weight=weight[:4], **r)
        yield run("cross_entropy", image, [[[0.25] * 3] * 4] * 2, dtype, labels=False, weight=weight[:4], **r)
        yield run("cross_entropy", logits[0], logits[1], dtype, labels=False, **r)
        for fn in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div", "binary_cross_entropy",
                   "binary_cross_entropy_with_logits"):
            yield run(fn, [], [], dtype, **r)
        strange = [nan, inf, -inf, 1.0, inf]
        for fn in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div", "binary_cross_entropy_with_logits"):
            yield run(fn, strange, [1.0, 0.5, 0.5, nan, 1.0], dtype, **r)
    yield run("kl_div", grid(2, 3, signed), grid(2, 3, target), dtype, reduction="batchmean")


def softmaxes(dtype):
    inputs = [
        ([3, 7], spread(21, -5, 5), (0, 1, -1)),
        ([2, 3, 6], spread(36, -5, 5), (0, 1, 2)),
        ([5], [1000.0, 999.0, -1000.0, 0.0, 1000.0], (0,)),
        ([5], [inf, 1.0, -inf, 0.0, 2.0], (0,)),
        ([4], [-inf, 0.0, 1.0, -inf], (0,)),
        ([3], [-inf, -inf, -inf], (0,)),
        ([3], [nan, 1.0, 2.0], (0,)),
        ([], [3.0], (0,)),
        ([2, 0], [], (0, 1)),
    ]
    for shape, values, dims in inputs:
        for dim in dims:
            for fn in ("softmax", "log_softmax"):
                x = torch.tensor(values, dtype=dtype).view(shape).requires_grad_()
                out = getattr(F, fn)(x, dim)
                seed = torch.arange(1, out.numel() + 1, dtype=dtype).view(out.shape)
                out.backward(seed)
                yield {"fn": camel(fn), "dtype": str(dtype)[6:], "input": plain(x), "inputShape": shape, "dim": dim,
                       "out": plain(out), "grad": plain(x.grad)}


def main():
    both = (torch.float32, torch.float64)
    document = {
        "losses": [case for dtype in both for case in losses(dtype)],
        "softmaxes": [case for dtype in both for case in softmaxes(dtype)],
    }
    with open(__file__.replace(".py", ".json"), "w") as file:
        json.dump(document, file, separators=(",", ":"))


main()
