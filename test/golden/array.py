"""Writes array.json: the results of array operations in PyTorch, with first and second gradients.

A case is a Tensor method, its operands and its results. Gradients are those of sum(out * w) with w = weights(out), and
second gradients those of sum(grad * w) over all inputs. Run with PyTorch 1.13: python3 test/golden/array.py
"""

import json
import math
import os

import torch

torch.set_num_threads(1)
F64, F32, I32, U8, BOOL = torch.float64, torch.float32, torch.int32, torch.uint8, torch.bool
NAMES = {F64: "float64", F32: "float32", I32: "int32", U8: "uint8", BOOL: "bool", torch.int64: "int32"}
nan, inf = math.nan, math.inf
cases = []


def number(x):
    if isinstance(x, float) and not math.isfinite(x):
        return "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"
    return x


def encode(t):
    values = [number(v) for v in t.detach().reshape(-1).to(F64).tolist()]
    return {"dtype": NAMES[t.dtype], "shape": list(t.shape), "values": values}


def camel(name):
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part.capitalize() for part in rest) + ("_" if name.endswith("_") else "")


def weights(t):
    i = torch.arange(t.numel(), dtype=t.dtype).reshape(t.shape)
    return (i * 7 % 5 - 2) * 0.5 + 0.25


def encode_arg(arg):
    if isinstance(arg, torch.Tensor):
        return {"tensor": encode(arg)}
    if isinstance(arg, (list, tuple)):
        return list(arg)
    if isinstance(arg, str):
        return arg
    return number(arg)


def case(method, x, *args, grad=True, second=True, on=None, **kwargs):
    """One call of x.method(*args, **kwargs); `on` replaces the call if PyTorch has another form of it."""
    operands = [a for a in (x, *args) if isinstance(a, torch.Tensor)]
    leaves = [t.clone().requires_grad_(grad and t.is_floating_point()) for t in operands]
    it = iter(leaves)
    mine = [next(it) if isinstance(a, torch.Tensor) else a for a in (x, *args)]
    call = {camel(k): encode_arg(v) for k, v in kwargs.items()}
    entry = {"method": camel(method), "args": [encode_arg(a) for a in (x, *args)], "options": call}
    out = on(*mine, **kwargs) if on else getattr(mine[0], method)(*mine[1:], **kwargs)
    outs = list(out) if isinstance(out, (tuple, list)) else [out]
    entry["outs"] = [encode(o) for o in outs]
    wanted = [t for t in leaves if t.requires_grad]
    flowing = [o for o in outs if o.requires_grad]
    if wanted and flowing:
        total = sum((o * weights(o)).sum() for o in flowing)
        grads = torch.autograd.grad(total, wanted, create_graph=second, allow_unused=True)
        entry["grads"] = [None if g is None else encode(g) for g in grads]
        live = [g for g in grads if g is not None and g.requires_grad]
        if second and live:
            total = sum((g * weights(g)).sum() for g in live)
            seconds = torch.autograd.grad(total, wanted, allow_unused=True)
            entry["seconds"] = [None if g is None else encode(g) for g in seconds]
    cases.append(entry)


def t(values, dtype=F64):
    return torch.tensor(values, dtype=dtype)


def grid(*shape, dtype=F64, step=0.37):
    n = math.prod(shape)
    return ((torch.arange(n, dtype=F64) * 7919 % 23 - 11) * step).reshape(shape).to(dtype)


A, B = grid(3, 4), grid(3, 4, step=0.21) + 0.5
row, column = grid(4) + 0.1, grid(3, 1) + 0.1
edge = t([-inf, -2.5, -1.0, -0.0, 0.0, 1.0, 2.5, inf, nan])

for method in ["add", "sub", "mul", "div", "maximum", "minimum", "remainder", "fmod"]:
    for other in [B, row, column, t(1.5)]:
        case(method, A, other)
    case(method, A, torch.flip(A, [0]))
    case(method, edge, torch.flip(edge, [0]), second=False)
    case(method, grid(3, 4, dtype=F32), grid(4, dtype=F32) + 0.1)
    case(method, grid(3, 4, dtype=F32), B)
    case(method, grid(2, 3, dtype=I32, step=1), t([3, -4, 5], I32))
    case(method, t([[]]), t([1.0]))
for method in ["add", "sub", "mul", "div", "remainder", "fmod"]:
    case(method, A, 1.5)
    case(method, grid(5, dtype=I32, step=1), 2)
    case(method, grid(5, dtype=I32, step=1), 2.5)
    case(method, t([1, 250, 7], U8), t([9, 3, 2], U8))
case("mul", A, A)
case("add", t([True, False, True], BOOL), t([True, True, False], BOOL))
case("mul", t([True, False, True], BOOL), t([True, True, False], BOOL))
case("add", t([True, False], BOOL), 1)
case("add", t([250, 3], U8), 10)
case("sub", t([1, 3], U8), 2)
case("mul", t([True, False], BOOL), 3)
case("lt", t([250, 3], U8), 200)
case("clamp", t([1, 5, 9], U8), 2, 6)
case("add", A, B, alpha=0.5)
case("sub", A, row, alpha=2)
for mode in ["floor", "trunc"]:
    case("div", A, B, rounding_mode=mode, grad=False)
    case("div", t([7, -7, 9, -9], I32), t([2, 2, -4, -4], I32), rounding_mode=mode)
case("div", edge, t(0.0), rounding_mode="floor", grad=False)
case("floor_divide", t([7.5, -7.5, 0.3, -0.3]), t([2.0, 2.0, 0.1, 0.1]), grad=False)
case("floor_divide", t([7, -7, -8], I32), t([2, 2, -3], I32))
# a tensor without dims does not widen another of its kind
case("add", grid(3, dtype=F32), t(0.1), grad=False)
case("add", grid(3, dtype=I32, step=1), t(0.5, F64))
case("mul", t(3, I32), t([1, 2], U8))
case("neg", edge)
case("neg", t([1, -2], I32))
case("square", A)

for method in ["eq", "ne", "lt", "le", "gt", "ge"]:
    case(method, edge, torch.flip(edge, [0]), grad=False)
    case(method, edge, edge, grad=False)
    case(method, grid(3, 4).round(), row.round(), grad=False)
    case(method, t([1, 2, 3], I32), 2)
    case(method, t([1, 2, 3], I32), 1.5)
    case(method, t([True, False, True], BOOL), t([False, False, True], BOOL))
    case(method, t([1, 2, 3], U8), t([3, 2, 1], I32))
for method in ["isnan", "isinf", "isfinite"]:
    case(method, edge, grad=False)
    case(method, t([1, 2], I32))
for method in ["logical_and", "logical_or", "logical_xor"]:
    case(method, t([[True], [False]], BOOL), t([True, False, True], BOOL))
    case(method, t([0.0, 2.0, nan]), t([1, 1, 0], I32), grad=False)
case("logical_not", t([0.0, -0.0, 2.0, nan]), grad=False)
case("isclose", t([1.0, 1.0, nan, inf, inf, 0.0]), t([1.000009, 1.0001, nan, inf, -inf, 1e-9]), grad=False)
case("isclose", t([1.0, nan]), t([1.05, nan]), rtol=0.1, atol=0.0, equal_nan=True, grad=False)

mask = grid(3, 4) > 0
case("where", A, mask, row)
case("where", A, mask[:, :1], column)
case("where", A, mask, A)
case("masked_fill", A, mask[0], -1.5)
case("masked_fill", A, mask, t(2.0))
for low, high in [(-1.11, 1.0), (None, 0.37), (0.0, None), (2.0, -2.0)]:
    case("clamp", A, low, high)
    case("clamp", edge, low, high)
case("clamp", A, row, row + 1)
case("clamp", t([1, 5, 9], I32), 2, 6)
case("clamp", t([1, 5, 9], I32), 1.5, None)

C = grid(2, 3, 4)
case("view", C, 6, 4)
case("view", C, -1)
case("view", C, 2, -1, 2, 1)
case("reshape", C, 4, -1)
case("permute", C, 2, 0, 1)
case("permute", C, -1, 0, -2)
case("transpose", C, 0, -1)
case("t", A)
case("flatten", C, 1)
case("flatten", C)
case("flatten", t(3.0))
case("unflatten", C, 2, (2, -1))
case("squeeze", grid(1, 3, 1, 2))
case("squeeze", grid(1, 3, 1, 2), 0)
case("squeeze", grid(1, 3, 1, 2), 1)
case("unsqueeze", A, 0)
case("unsqueeze", A, -1)
case("expand", column, 3, 5)
case("expand", row, 2, 3, -1)
case("movedim", C, 0, -1)
case("flip", C, 0, 2)
case("narrow", C, 1, 1, 2)
case("select", C, -1, -2)
case("split", A, 3, 1)
case("split", A, [1, 3], 1)
case("chunk", C, 2, 1)
case("unbind", C, 1)
case("repeat", A, 2, 1, 3)
case("tile", A, 2)
case("repeat_interleave", A, 2, 1)
case("repeat_interleave", A, 2)
case("roll", A, -1, 1)
case("roll", A, 5, 0)
case("index_select", C, 1, t([2, 0, 2], torch.int64), on=lambda x, d, i: x.index_select(d, i))
case("index_add", A, 0, t([2, 0, 2, 2], torch.int64), grid(4, 4), on=lambda x, d, i, s: x.index_add(d, i, s))
index = t([[[2, 1, 0, 0]], [[0, 0, 2, 2]]], torch.int64)
case("gather", C, 1, index)
case("gather", C, 1, index[:1, :, :2])
case("gather", C, 2, t([[[3, 3], [0, 1], [2, 2]], [[1, 1], [1, 2], [0, 3]]], torch.int64))
case("scatter_add", C, 1, index, grid(2, 1, 4, step=0.5))
case("scatter_add", C, 1, t([[[2, 1], [2, 0]]], torch.int64), grid(1, 2, 2, step=0.5))
case("scatter", C, 1, index, grid(2, 1, 4, step=0.5))
case("scatter", A, 0, t([[0, 1, 2, 0]], torch.int64), 2.5)

for dim in [None, 0, 1, -1, (0, 2), (0, 1, 2)]:
    for keep in [False, True]:
        for method in ["sum", "mean", "amax", "amin"]:
            case(method, C, dim if dim is not None else (), keepdim=keep)
        for method in ["var", "std"]:
            case(method, C, dim, correction=0, keepdim=keep)
            case(method, C, dim, correction=1, keepdim=keep)
ties = t([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0], [nan, 1.0, nan]])
for method in ["sum", "mean", "var", "std", "prod", "max", "min", "argmax", "argmin", "any", "all", "amax", "amin"]:
    case(method, C)
    if method != "var":  # of one element: NaN here, INFINITY * grad there
        case(method, t(2.5), second=method != "std")
    case(method, grid(3, 4, dtype=F32), second=False)
    case(method, ties, second=False)
for method in ["prod", "max", "min", "argmax", "argmin", "any", "all", "cumsum"]:
    for dim in [0, 1, -1]:
        case(method, C, dim)
        if method != "cumsum":
            case(method, C, dim, keepdim=True)
    case(method, ties, 1, second=False)
for method in ["sum", "prod", "max", "min", "argmax", "argmin", "any", "all"]:
    case(method, t([[3, -1, 2], [0, 3, 3]], I32), 1)
    case(method, t([[3, 1, 2], [0, 3, 3]], U8))
    case(method, t([[True, False], [True, True]], BOOL), *([] if method in ("max", "min", "argmax", "argmin") else [1])) \
        if method not in ("argmax", "argmin") else None
zeros = t([[2.0, 0.0, 3.0, -1.0], [0.0, 0.0, 1.5, 2.0], [1.0, 2.0, 3.0, 4.0]])
case("prod", zeros, 1)
case("prod", zeros, 0, keepdim=True)
case("prod", zeros[0])
case("std", t([[1.0, 1.0], [1.0, 2.0]]), 1, correction=1, second=False)
for method in ["sum", "prod", "any", "all"]:
    case(method, torch.empty(0, 3, dtype=F64), 0)
    case(method, torch.empty(0, dtype=F64))
case("sum", torch.empty(2, 0, dtype=F64), 1)
case("amax", torch.empty(0, 3, dtype=F64), 1)
case("count_nonzero", t([[0, 1, 2], [0, 0, 3]], I32), 1)
case("cumsum", t([[1, 2, 3]], I32), 1)
case("cumsum", t([True, True, False], BOOL), 0)

tied = t([[3.0, 1.0, nan, 1.0, -2.0], [0.5, 0.5, 2.0, inf, -inf]])
for descending in [False, True]:
    for dim in [0, 1]:
        case("sort", tied, dim, descending=descending, second=False,
             on=lambda x, d, **kw: torch.sort(x, dim=d, stable=True, **kw))
case("sort", C, 0, second=False)
case("argsort", C, 1, descending=True)
case("topk", C, 2, -1, second=False)
case("topk", C, 2, 1, largest=False, second=False)
for k in [-1, 0, 2]:
    case("tril", C, k)
    case("triu", C, k)
    case("diagonal", A, k)
case("diag", row, -1)
case("diag", A, 1)
case("trace", A)


def at(name, x, items, pick):
    """x.index(*items) against the result of the Python expression."""
    case("index", x, *items, on=lambda y, *rest: pick(y, *[r for r in rest if isinstance(r, torch.Tensor)]))


D = grid(3, 4, 5)
at("int", D, [1], lambda x: x[1])
at("negative", D, [-1, ":", -2], lambda x: x[-1, :, -2])
at("slices", D, ["1:", "0:3", "::2"], lambda x: x[1:, 0:3, ::2])
at("negative slices", D, ["...", "-3:-1"], lambda x: x[..., -3:-1])
at("beyond", D, ["2:10", "7:9"], lambda x: x[2:10, 7:9])
at("new dims", D, [None, ":", None, 2], lambda x: x[None, :, None, 2])
i64 = torch.int64
at("rows", D, [t([2, 0, 2, -1], i64)], lambda x, i: x[i])
at("columns", D, [":", t([[1, 0], [-1, 3]], i64)], lambda x, i: x[:, i])
at("pairs", D, [t([0, 2, 2], i64), t([1, 1, -1], i64)], lambda x, i, j: x[i, j])
at("outer pairs", D, [t([[0], [2]], i64), t([1, 3], i64), "1:4"], lambda x, i, j: x[i, j, 1:4])
at("apart", D, [t([0, 2], i64), ":", t([4, 1], i64)], lambda x, i, j: x[i, :, j])
at("with int", D, [1, "...", t([4, 1], i64)], lambda x, j: x[1, ..., j])
at("no dims", D, [t(1, i64)], lambda x, i: x[i])
at("mask", D, [D > 1], lambda x, m: x[m])
at("mask of rows", D, [t([True, False, True], BOOL)], lambda x, m: x[m])
at("mask inside", D, [":", D[0] > 0], lambda x, m: x[:, m])
at("mask and rows", D, [t([True, False, True], BOOL), t([1, 2], i64)], lambda x, m, i: x[m, i])
at("empty mask", D, [D > 1000], lambda x, m: x[m])
case("masked_select", A, A > 0)
case("masked_select", A, row > 0)
case("nonzero", t([[0, 1, 2], [3, 0, 0]], I32))
case("nonzero", torch.zeros(2, 2, dtype=I32))


def put(x, items, values, key, accumulate=False):
    out = x.clone()
    out.index_put_(key, torch.as_tensor(values, dtype=x.dtype), accumulate=accumulate)
    encoded = [encode_arg(i) if isinstance(i, torch.Tensor) else i for i in items]
    value = encode_arg(values)
    cases.append({"method": "indexPut_", "args": [encode_arg(x), encoded, value],
                  "options": {"accumulate": accumulate}, "outs": [encode(out)]})


rows = t([2, 0, 2], i64)
put(A, [rows], 1.5, (rows,))
put(A, [rows], grid(3, 4), (rows,), True)
put(A, [rows, t([1, 1, 1], i64)], t([1.0, 2.0, 4.0]), (rows, t([1, 1, 1], i64)), True)
put(A, [A > 0], 0.25, (A > 0,))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "array.json")
with open(path, "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases), "cases")
