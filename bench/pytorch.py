"""The training steps of bench/steps.ts in PyTorch: prints {name: median microseconds} as JSON. One thread."""
import json
import statistics
import sys
import time

import torch

torch.set_num_threads(1)


class BentIdentity(torch.nn.Module):
    def forward(self, x):
        return (torch.sqrt(x * x + 1) - 1) / 2 + x


class Small(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = x.view(-1, 16 * 5 * 5)
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


def large():
    channels = [3, 64, 128, 256, 512]
    blocks = [(nn.Conv2d(a, b, 3), nn.MaxPool2d(2), nn.ReLU()) for a, b in zip(channels, channels[1:])]
    head = [nn.Dropout(0.2), nn.Flatten(), nn.Linear(512 * 14 * 14, 1024), nn.Linear(1024, 256), nn.Linear(256, 40)]
    return nn.Sequential(*(layer for block in blocks for layer in block), *head, nn.Sigmoid())


def step(model, criterion, optimizer, x, y):
    def run():
        optimizer.zero_grad(set_to_none=True)
        criterion(model(x), y).backward()
        optimizer.step()

    return run


def median(run, warm_up=1.0, measure=1.5):
    start, calls = time.perf_counter(), 0
    while time.perf_counter() - start < warm_up or calls == 0:
        run()
        calls += 1
    together = max(1, int(calls / (warm_up * 1000)))
    times, end = [], time.perf_counter() + measure
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        for _ in range(together):
            run()
        times.append((time.perf_counter() - start) / together * 1e6)
    return statistics.median(times)


nn = torch.nn


def adam(model, lr=0.01):
    return torch.optim.Adam(model.parameters(), lr=lr)


def moons():
    model = nn.Sequential(nn.Linear(2, 2), BentIdentity(), nn.Linear(2, 1), nn.Sigmoid()).double()
    x = torch.rand(640, 2, dtype=torch.float64)
    return step(model, nn.BCELoss(), adam(model), x, (torch.rand(640, 1) > 0.5).double())


def houses():
    model = nn.Linear(1, 1)
    return step(model, nn.MSELoss(), adam(model), torch.rand(12, 1), torch.rand(12, 1))


def images(batch):
    model = Small()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
    return step(model, nn.CrossEntropyLoss(), optimizer, torch.randn(batch, 3, 32, 32), torch.randint(10, (batch,)))


def faces():
    model = large()
    y = (torch.rand(4, 40) > 0.5).float()
    return step(model, nn.BCELoss(), adam(model, 1e-4), torch.rand(4, 3, 256, 256), y)


steps = {
    "example 1": moons,
    "example 2": houses,
    "example 3, batch 4": lambda: images(4),
    "example 3, batch 64": lambda: images(64),
    "example 3, batch 256": lambda: images(256),
    "example 4, batch 4": faces,
}
chosen = {name: make for name, make in steps.items() if len(sys.argv) < 2 or sys.argv[1] in name}
print(json.dumps({name: median(make()) for name, make in chosen.items()}))
