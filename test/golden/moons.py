"""Writes moons.json: example 1 as PyTorch runs it, from several seeds (`python3 test/golden/moons.py`)."""
import copy
import json
import os

import torch
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

torch.set_num_threads(1)


class BentIdentity(torch.nn.Module):
    def forward(self, x):
        return (torch.sqrt(x * x + 1) - 1) / 2 + x


def values(model):
    return {name: p.detach().flatten().tolist() for name, p in model.named_parameters()}


def run(seed):
    X, y = make_moons(1000, noise=0.3, random_state=0)
    X_rest, X_test, y_rest, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
    X_train, X_valid, y_train, y_valid = train_test_split(X_rest, y_rest, test_size=0.2, random_state=42)
    x_train, x_valid, x_test = (torch.tensor(a) for a in (X_train, X_valid, X_test))
    t_train, t_valid, t_test = (torch.tensor(a, dtype=torch.float64).unsqueeze(1) for a in (y_train, y_valid, y_test))
    torch.manual_seed(seed)
    model = torch.nn.Sequential()
    model.add_module("lin1", torch.nn.Linear(2, 2))
    model.add_module("BentID1", BentIdentity())
    model.add_module("lin2", torch.nn.Linear(2, 1))
    model.add_module("sigmoid", torch.nn.Sigmoid())
    model = model.double()
    criterion = torch.nn.BCELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    out = {"init": values(model), "train": [], "valid": []}
    best = float("inf")
    for epoch in range(1000):
        optimizer.zero_grad()
        loss = criterion(model(x_train), t_train)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            valid = criterion(model(x_valid), t_valid).item()
        out["train"].append(loss.item())
        out["valid"].append(valid)
        if valid < best:
            best, best_epoch, state = valid, epoch, copy.deepcopy(model.state_dict())
        elif epoch - best_epoch > 15:
            break
    model.load_state_dict(state)
    pred = model(x_test)
    accuracy = ((pred > 0.5) == (t_test > 0.5)).double().mean().item()
    return out | {
        "best_epoch": best_epoch, "stop_epoch": epoch, "best_valid": best, "final": values(model),
        "test_pred_head": pred.flatten()[:10].tolist(), "test_accuracy": accuracy,
    }


here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "moons.json"), "w") as file:
    json.dump({seed: run(seed) for seed in (0, 1, 7, 12345)}, file)
