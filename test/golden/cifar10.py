"""Writes cifar10.json: example 3 in PyTorch 1.13 on the real images of CIFAR-10 (the file has none of them).

    SIMDGRAD_DATA=folder python3 cifar10.py

where folder/cifar-10-batches-bin holds the binary version. For each seed: losses of the first 500 batches (and in
float64, where rounding changes no maximum), mean loss of each epoch, accuracy on the test images, logits of the first
four; for seed 0 also the accuracy after ten epochs.

Training in float32 is chaotic: if two elements of a pooling window differ by a rounding error, either can be the
maximum, and from there the losses differ. So each seed also has "neighbours": losses of PyTorch without oneDNN, and
from weights of which every eighth is the next float, if they differ by more than 5e-6 from those before.
"""

import json
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(os.environ["SIMDGRAD_DATA"], "cifar-10-batches-bin")


def read(*names):
    raw = np.concatenate([np.fromfile(os.path.join(ROOT, name), dtype=np.uint8) for name in names]).reshape(-1, 3073)
    images = torch.from_numpy(raw[:, 1:].reshape(-1, 3, 32, 32).copy()).float().div(255).sub(0.5).div(0.5)
    return torch.utils.data.TensorDataset(images, torch.from_numpy(raw[:, 0].astype(np.int64)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.view(-1, 16 * 5 * 5)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


def accuracy(net, test):
    images, labels = test.tensors
    with torch.no_grad():
        return (net(images).argmax(1) == labels).float().mean().item()


def nudge(net, trial):
    """Replaces about every eighth weight by the next float."""
    random = np.random.RandomState(trial)
    with torch.no_grad():
        for p in net.parameters():
            chosen = torch.from_numpy(random.rand(*p.shape) < 1 / 8)
            p.copy_(torch.where(chosen, torch.nextafter(p, p * 2), p))


def neighbours(seed, train, first):
    kept = [first]
    for onednn in (True, False):
        for trial in range(16):
            torch.manual_seed(seed)
            net = Net()
            if trial > 0:
                nudge(net, trial)
            with torch.backends.mkldnn.flags(enabled=onednn):
                losses = fit(net, 500, train)
            distance = [max(abs(a - b) / a for a, b in zip(run, losses)) for run in kept]
            if min(distance) > 5e-6:
                kept.append(losses)
    return kept[1:]


def fit(net, steps, train):
    optimizer = torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9)
    losses = []
    while len(losses) < steps:
        for images, labels in torch.utils.data.DataLoader(train, batch_size=4, shuffle=True):
            optimizer.zero_grad()
            loss = F.cross_entropy(net(images.to(net.fc3.weight.dtype)), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if len(losses) == steps:
                break
    return losses


def run(seed, epochs, train, test):
    torch.manual_seed(seed)
    net = Net()
    losses = fit(net, epochs * len(train) // 4, train)
    with torch.no_grad():
        logits = net(test.tensors[0][:4]).tolist()
    return losses, accuracy(net, test), logits


def in_float64(seed, train):
    torch.manual_seed(seed)
    return fit(Net().double(), 500, train)


def initial(seed, train):
    torch.manual_seed(seed)
    net = Net()
    sums = {name: p.detach().double().sum().item() for name, p in net.named_parameters()}
    batches = iter(torch.utils.data.DataLoader(train, batch_size=4, shuffle=True))
    return sums, [next(batches)[1].tolist() for _ in range(5)]


train = read(*[f"data_batch_{i}.bin" for i in range(1, 6)])
test = read("test_batch.bin")
golden = {}
for seed in (0, 1, 7):
    losses, right, logits = run(seed, 2, train, test)
    means = np.array(losses).reshape(2, -1).mean(axis=1).tolist()
    near = neighbours(seed, train, losses[:500])
    sums, labels = initial(seed, train)
    start = {"init_sum": sums, "labels_head": labels, "loss_float64": in_float64(seed, train)}
    golden[str(seed)] = {**start, "loss": losses[:500], "neighbours": near, "epoch_means": means, "test_accuracy": right, "logits_first4": logits}
golden["0"]["test_accuracy_10_epochs"] = run(0, 10, train, test)[1]
with open(os.path.join(HERE, "cifar10.json"), "w") as file:
    json.dump(golden, file)
    file.write("\n")
