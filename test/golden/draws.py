"""Writes draws.json: random draws of PyTorch, NumPy and scikit-learn. Needs torch 1.13, numpy 1.24, scikit-learn 1.2."""
import base64
import json
import pathlib

import numpy as np
import torch
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

torch.set_num_threads(1)
SEEDS = [0, 1, 42, 2**31, 2**40 + 7, -1]
# In this order: an odd size below 16 leaves a normal for the next size below 16; larger sizes leave it alone.
SIZES = [1, 2, 3, 5, 8, 15, 16, 17, 24, 31, 33, 40]
DTYPES = {"float32": torch.float32, "float64": torch.float64}


def numbers(tensor):
    """Short decimals that round to the same float32 or float64."""
    return [float(str(x)) for x in tensor.detach().numpy().ravel()]


def fresh(seed, draw):
    torch.manual_seed(seed)
    return draw()


def streams(seed, dtype):
    def many(draw):
        return fresh(seed, lambda: [numbers(draw(n)) for n in SIZES])

    return {
        "rand": many(lambda n: torch.rand(n, dtype=dtype)),
        "randn": many(lambda n: torch.randn(n, dtype=dtype)),
        "uniform": many(lambda n: torch.empty(n, dtype=dtype).uniform_(-0.37, 0.73)),
        "normal": many(lambda n: torch.empty(n, dtype=dtype).normal_(0.3, 1.7)),
        "rand_1000_tail": fresh(seed, lambda: numbers(torch.rand(1000, dtype=dtype)[-4:])),
        "randn_1000_tail": fresh(seed, lambda: numbers(torch.randn(1000, dtype=dtype)[-4:])),
        "bernoulli": fresh(seed, lambda: numbers(torch.bernoulli(torch.linspace(0, 1, 40, dtype=dtype)))),
        "bernoulli_p": fresh(seed, lambda: numbers(torch.empty(40, dtype=dtype).bernoulli_(0.3))),
        "dropout": fresh(seed, lambda: numbers(torch.nn.functional.dropout(torch.ones(40, dtype=dtype), 0.3))),
    }


def integers(seed):
    return {
        "randint": fresh(seed, lambda: torch.randint(-5, 17, (40,)).tolist()),
        "randint_wide": fresh(seed, lambda: torch.randint(-(2**31), 2**31 - 1, (8,)).tolist()),
        "randperm": fresh(seed, lambda: [torch.randperm(n).tolist() for n in (0, 1, 2, 17, 40)]),
        "sampler_seed": fresh(seed, lambda: str(torch.empty((), dtype=torch.int64).random_().item())),
        "state": fresh(seed, lambda: [torch.randn(5), base64.b64encode(torch.get_rng_state().numpy()).decode()][1][-80:]),
    }


def initialised(seed, dtype):
    init = torch.nn.init

    def of(fill, shape):
        return fresh(seed, lambda: numbers(fill(torch.empty(shape, dtype=dtype))))

    return {
        "xavierUniform": of(lambda w: init.xavier_uniform_(w, 1.5), (4, 6)),
        "xavierNormal": of(lambda w: init.xavier_normal_(w, 0.5), (4, 6)),
        "kaimingUniform": of(lambda w: init.kaiming_uniform_(w, 5**0.5), (4, 6)),
        "kaimingUniform_fan_out_relu": of(lambda w: init.kaiming_uniform_(w, mode="fan_out", nonlinearity="relu"), (4, 6)),
        "kaimingNormal_conv": of(lambda w: init.kaiming_normal_(w), (2, 3, 2, 2)),
        "uniform": of(lambda w: init.uniform_(w, -2, 3), (7,)),
        "normal": of(lambda w: init.normal_(w, 1, 2), (7,)),
        "truncNormal": of(lambda w: init.trunc_normal_(w, 0.5, 2, -1, 1.5), (5, 6)),
        "orthogonal_tall": of(lambda w: init.orthogonal_(w, 2), (5, 3)),
        "orthogonal_wide": of(lambda w: init.orthogonal_(w), (3, 5)),
        "linear": fresh(seed, lambda: [numbers(p) for p in torch.nn.Linear(5, 3, dtype=dtype).parameters()]),
    }


def numpy_streams(seed):
    def of(draw):
        return np.asarray(draw(np.random.RandomState(seed))).tolist()

    return {
        "random_sample": of(lambda r: r.random_sample((3, 2))),
        "uniform": of(lambda r: r.uniform(-2, 3, 5)),
        "normal": of(lambda r: r.normal(1, 2, 9)),
        "normal_scalars": of(lambda r: [r.normal(), r.standard_normal(), r.random_sample(), r.normal(3, 0.5)]),
        "randint": of(lambda r: r.randint(-5, 17, 20)),
        "randint_one": of(lambda r: [r.randint(3, 4), r.randint(10), r.randint(2**32)]),
        "randint_wide": of(lambda r: r.randint(-(2**50), 2**50, 5)),
        "permutation": of(lambda r: r.permutation(23)),
        "shuffle_rows": of(lambda r: (lambda a: [r.shuffle(a), a][1])(np.arange(12).reshape(6, 2))),
        "choice": of(lambda r: r.choice(30, 8)),
        "choice_unique": of(lambda r: r.choice(30, 8, replace=False)),
    }


def moons(seed):
    def of(n, **options):
        X, y = make_moons(n, random_state=seed, **options)
        return {"X": X.tolist(), "y": y.tolist()}

    return {"noisy_11": of(11, noise=0.2), "clean_6": of(6), "ordered_5": of(5, shuffle=False, noise=0.1)}


def splits(seed):
    rows = np.arange(23)
    labels = rows * rows % 3
    of = lambda **options: [part.tolist() for part in train_test_split(rows, labels, random_state=seed, **options)]
    return {
        "default": of(),
        "share": of(test_size=0.2),
        "counts": of(test_size=4, train_size=10),
        "train_share": of(train_size=0.55),
        "stratified": of(test_size=0.3, stratify=labels),
        "in_order": [part.tolist() for part in train_test_split(rows, labels, test_size=0.2, shuffle=False)],
    }


def sampled():
    def of(n, **options):
        generator = torch.Generator().manual_seed(3)
        sampler = torch.utils.data.RandomSampler(range(n), generator=generator, **options)
        return {"indices": list(sampler), "next": numbers(torch.rand(1, generator=generator))}

    return {
        "once": of(7),
        "fewer": of(7, num_samples=4),
        "more": of(7, num_samples=17),
        "again": of(7, replacement=True, num_samples=40),
    }


golden = {
    "sampler": sampled(),
    "sizes": SIZES,
    "streams": {str(s): {name: streams(s, dtype) for name, dtype in DTYPES.items()} for s in SEEDS},
    "integers": {str(s): integers(s) for s in SEEDS},
    "init": {name: initialised(7, dtype) for name, dtype in DTYPES.items()},
    "numpy": {str(s): numpy_streams(s) for s in (0, 1, 42, 2**32 - 1)},
    "moons": {str(s): moons(s) for s in (0, 42)},
    "splits": {str(s): splits(s) for s in (0, 42)},
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, separators=(",", ":")).replace('},"', '},\n"') + "\n")
