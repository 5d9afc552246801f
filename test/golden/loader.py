"""Writes loader.json: the orders and draws of torch.utils.data, PyTorch 1.13.1 on the CPU. Run with: python3 loader.py"""
import json
from pathlib import Path

import torch
from torch.utils.data import (BatchSampler, DataLoader, IterableDataset, RandomSampler, SequentialSampler,
                              SubsetRandomSampler, WeightedRandomSampler, random_split)

WEIGHTS = [0.1, 0.9, 0.4, 0.7, 3.0, 0.6, 0, 2]


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def after(generator=None):
    return torch.rand(2, generator=generator).tolist()


def split(seed, n, lengths):
    return [list(part.indices) for part in random_split(range(n), lengths, generator=seeded(seed))]


def loader(seed, stop=None, own=False, make=None, **options):
    """Three passes that stop after `stop` batches, with a default generator's draw in the body, and the draws after."""
    torch.manual_seed(seed)
    generator = seeded(seed + 100) if own else None
    if make is not None:
        options.update(make(generator))
    passes = []
    data = DataLoader(range(10), generator=generator, **options)
    for _ in range(3):
        batches = []
        for batch in data:
            batches.append([batch.tolist() if torch.is_tensor(batch) else batch, torch.rand(1).item()])
            if len(batches) == stop:
                break
        passes.append(batches)
    return {"passes": passes, "after": after(), "own": after(generator) if own else None}


class Stream(IterableDataset):
    def __iter__(self):
        return iter(range(7))


def stream(seed, **options):
    torch.manual_seed(seed)
    data = DataLoader(Stream(), **options)
    return {"passes": [[batch.tolist() for batch in data] for _ in range(2)], "after": after()}


def of(seed):
    w = lambda n, **options: list(WeightedRandomSampler(WEIGHTS, n, generator=seeded(seed), **options))
    return {
        "split_counts": split(seed, 10, [3, 7]),
        "split_shares": split(seed, 30, [0.3, 0.3, 0.4]),
        "split_rest": split(seed, 11, [0.25, 0.25, 0.5]),
        "subset": [int(i) for i in SubsetRandomSampler([5, 3, 9, 11, 2], generator=seeded(seed))],
        "weighted": w(12),
        "weighted_once": w(6, replacement=False),
        "weighted_one": w(1),
        "loaders": {
            "plain": loader(seed, batch_size=4),
            "shuffle": loader(seed, batch_size=4, shuffle=True),
            "drop_last": loader(seed, batch_size=4, shuffle=True, drop_last=True),
            "own": loader(seed, batch_size=4, shuffle=True, own=True),
            "own_even": loader(seed, batch_size=5, shuffle=True, own=True),
            "own_left": loader(seed, stop=2, batch_size=5, shuffle=True, own=True),
            "own_left_even": loader(seed, stop=1, batch_size=5, shuffle=True, own=True),
            "own_drop": loader(seed, batch_size=4, shuffle=True, drop_last=True, own=True),
            "left": loader(seed, stop=1, batch_size=3, shuffle=True),
            "single": loader(seed, batch_size=None, shuffle=True),
            "replaced": loader(seed, batch_size=16, own=True,
                               make=lambda g: {"sampler": RandomSampler(range(10), True, 40, generator=g)}),
            "batches": loader(seed, own=True, make=lambda g: {
                "batch_sampler": BatchSampler(RandomSampler(range(10), generator=g), 3, False)}),
            "weighted": loader(seed, batch_size=4, sampler=WeightedRandomSampler(WEIGHTS, 10)),
        },
        "streams": {"whole": stream(seed, batch_size=3), "drop_last": stream(seed, batch_size=3, drop_last=True)},
    }


if __name__ == "__main__":
    golden = {str(seed): of(seed) for seed in (0, 1, 2147483647)}
    Path(__file__).with_name("loader.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
