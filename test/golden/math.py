"""Writes math.json: reference values of the elementary functions, from mpmath at 200 bits.

For each function and type: the inputs, the correctly rounded results and their rounding errors in 1/254 ulp, as
base64 of little-endian arrays. Run: python3 test/golden/math.py (needs mpmath and numpy).
"""
import base64
import json
import os

import mpmath as mp
import numpy as np

mp.mp.prec = 200
TYPES = {"float32": (np.float32, 24, -149, 128), "float64": (np.float64, 53, -1074, 1024)}


def rounded(value, kind):
    """The nearest number of the type (ties to even), and the rounding error in ulps."""
    _, precision, lowest, top = TYPES[kind]
    if value == 0:
        return 0.0, 0.0
    exponent = max(int(mp.floor(mp.log(abs(value), 2))) - precision + 1, lowest)
    scaled = mp.ldexp(value, -exponent)
    whole = mp.nint(scaled)
    result = mp.ldexp(whole, exponent)
    if abs(result) >= mp.ldexp(1, top):
        return float("inf") if value > 0 else float("-inf"), 0.0
    return float(result), float(scaled - whole)


def lin(low, high):
    return lambda rng, n: rng.uniform(low, high, n)


def log(low, high, signs=(1,)):
    """Evenly spread in the logarithm, between powers of two."""
    return lambda rng, n: np.ldexp(rng.uniform(1, 2, n), rng.randint(low, high, n)) * rng.choice(signs, n)


def near(center, low, high):
    return lambda rng, n: center + log(low, high, (1, -1))(rng, n)


BOTH = (1, -1)
# Per type: where to sample. Powers of two reach into the subnormals.
def domains(kind):
    single = kind == "float32"
    tiny, top = (-149, 127) if single else (-1074, 1023)
    eps = -23 if single else -52
    big, small = (88.8, -104.0) if single else (709.9, -745.2)
    everywhere = log(tiny, top, BOTH)
    positive = log(tiny, top)
    exp_like = [lin(small, big), lin(-1, 1), log(tiny, 0, BOTH), lin(small, small * 0.83)]
    log_like = [positive, near(1, eps, -2), lin(0.5, 2.5)]
    half_pi = lambda rng, n: np.round(rng.uniform(-5e4, 5e4, n)) * (np.pi / 2)
    wave = [lin(-4, 4), lin(-1e5, 1e5), everywhere, half_pi, lin(-3e6, 3e6)]
    return {
        "exp": (mp.exp, exp_like),
        "expm1": (mp.expm1, exp_like + [lin(-40, 3)]),
        "log": (mp.log, log_like),
        "log1p": (mp.log1p, [log(tiny, -1, BOTH), positive, lin(-0.9999, 3), near(-1, eps, -2)]),
        "log2": (lambda x: mp.log(x) / mp.log(2), log_like),
        "log10": (lambda x: mp.log(x) / mp.log(10), log_like),
        "sin": (mp.sin, wave),
        "cos": (mp.cos, wave),
        "tan": (mp.tan, wave),
        "tanh": (mp.tanh, [lin(-1, 1), lin(-20, 20), everywhere]),
        "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), exp_like + [lin(-20, 40)]),
        "erf": (mp.erf, [lin(-1.5, 1.5), lin(-6.5, 6.5), everywhere]),
        "softplus": (lambda x: mp.log1p(mp.exp(x)), exp_like + [lin(-20, 40)]),
        "logSigmoid": (lambda x: -mp.log1p(mp.exp(-x)), [lin(-big, -small), lin(-20, 40), log(tiny, 0, BOTH)]),
        "sqrt": (mp.sqrt, [positive]),
        "rsqrt": (lambda x: 1 / mp.sqrt(x), [positive]),
        "reciprocal": (lambda x: 1 / x, [everywhere]),
    }


def power_pairs(kind, rng, n):
    """Bases and exponents whose powers fill the range, subnormal results included, and bases next to 1."""
    single = kind == "float32"
    lowest, top = (-151, 128.2) if single else (-1077, 1024.2)
    dtype = TYPES[kind][0]
    bases = np.concatenate([log(-149 if single else -1074, 127 if single else 1023)(rng, n), lin(0.5, 2)(rng, n),
                            near(1, -20 if single else -45, -1)(rng, n)]).astype(dtype)
    bases = bases[(bases > 0) & (bases != 1)]
    with np.errstate(all="ignore"):
        exponents = (rng.uniform(lowest, top, bases.size) / np.log2(bases.astype(np.float64))).astype(dtype)
    keep = np.isfinite(exponents)
    bases, exponents = bases[keep], exponents[keep]
    small = rng.randint(-9, 10, n).astype(dtype)
    signed = (rng.uniform(-9, 9, n)).astype(dtype)
    return np.concatenate([bases, signed]), np.concatenate([exponents, small])


def packed(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def entry(kind, inputs, values):
    results, dropped = zip(*(rounded(v, kind) for v in values))
    return {
        **inputs,
        "y": packed(np.array(results, dtype=TYPES[kind][0])),
        "dropped": packed(np.round(np.array(dropped) * 254).astype(np.int8)),
    }


def main():
    out = {}
    for kind, (dtype, *_) in TYPES.items():
        rng = np.random.RandomState(20)
        table = out[kind] = {}
        for name, (function, samplers) in domains(kind).items():
            x = np.concatenate([s(rng, 1000 // len(samplers)) for s in samplers]).astype(dtype)
            if name in ("log", "log2", "log10", "sqrt", "rsqrt", "reciprocal"):
                x = x[x != 0]
            if name == "log1p":
                x = x[x > -1]
            table[name] = entry(kind, {"x": packed(x)}, [function(mp.mpf(float(v))) for v in x])
        a, b = power_pairs(kind, rng, 500)
        powers = [mp.power(mp.mpf(float(p)), mp.mpf(float(q))) for p, q in zip(a, b)]
        table["pow"] = entry(kind, {"x": packed(a), "exponent": packed(b)}, powers)
    with open(os.path.join(os.path.dirname(__file__), "math.json"), "w") as file:
        json.dump(out, file, indent=0)


main()
