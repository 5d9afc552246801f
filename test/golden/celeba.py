"""Writes celeba.json: example 4's network in PyTorch 1.13 on random images (`python3 test/golden/celeba.py`).

For each seed: sums of the initial weights, then x = rand(2, 3, 256, 256) and y = rand(2, 40) > 0.5 from the same stream, three
steps of Adam(1e-4) in training mode (dropout draws from that stream too): their losses; predictions in evaluation mode.
"""

import json
import os

import torch
import torch.nn as nn

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))


def block(channels, outs, *more):
    return nn.Sequential(nn.Conv2d(channels, outs, 3), nn.MaxPool2d(2), nn.ReLU(), *more)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.ConvLayer1 = block(3, 64)
        self.ConvLayer2 = block(64, 128)
        self.ConvLayer3 = block(128, 256)
        self.ConvLayer4 = block(256, 512, nn.Dropout(0.2))
        self.Linear1 = nn.Linear(512 * 14 * 14, 1024)
        self.Linear2 = nn.Linear(1024, 256)
        self.Linear3 = nn.Linear(256, 40)

    def forward(self, x):
        x = self.ConvLayer4(self.ConvLayer3(self.ConvLayer2(self.ConvLayer1(x))))
        x = self.Linear3(self.Linear2(self.Linear1(x.view(-1, 512 * 14 * 14))))
        return torch.sigmoid(x)


def run(seed):
    torch.manual_seed(seed)
    net = Net()
    sums = {name: p.detach().double().sum().item() for name, p in net.named_parameters()}
    x = torch.rand(2, 3, 256, 256)
    y = (torch.rand(2, 40) > 0.5).float()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-4)
    losses = []
    for _ in range(3):
        optimizer.zero_grad(set_to_none=True)
        loss = nn.BCELoss()(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    net.eval()
    with torch.no_grad():
        return {"init_sum": sums, "loss": losses, "eval_pred_after": net(x)[0].tolist()}


with open(os.path.join(HERE, "celeba.json"), "w") as file:
    json.dump({str(seed): run(seed) for seed in (0, 3)}, file)
    file.write("\n")
