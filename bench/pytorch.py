"""The training steps of bench/steps.ts in PyTorch: prints {name: median microseconds} as JSON. One thread."""
import json
import statistics
import time

import torch

torch.set_num_threads(1)


class BentIdentity(torch.nn.Module):
    def forward(self, x):
        return (torch.sqrt(x * x + 1) - 1) / 2 + x


def step(model, criterion, x, y):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

    def run():
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()

    return run


def median(run, samples=200, calls=10):
    for _ in range(300):
        run()
    times = []
    for _ in range(samples):
        start = time.perf_counter()
        for _ in range(calls):
            run()
        times.append((time.perf_counter() - start) / calls * 1e6)
    return statistics.median(times)


nn = torch.nn
moons = nn.Sequential(nn.Linear(2, 2), BentIdentity(), nn.Linear(2, 1), nn.Sigmoid()).double()
steps = {
    "example 1": step(moons, nn.BCELoss(), torch.rand(640, 2, dtype=torch.float64), (torch.rand(640, 1) > 0.5).double()),
    "example 2": step(nn.Sequential(nn.Linear(1, 1)), nn.MSELoss(), torch.rand(12, 1), torch.rand(12, 1)),
}
print(json.dumps({name: median(run) for name, run in steps.items()}))
