"""PyTorch and NumPy as contenders: answers each line of JSON with one (protocol: bench/compare/contender.ts)."""
import json
import math
import os
import sys
import time

THREADS = int(sys.argv[1])
# Waiting threads of OpenMP must not occupy a core.
os.environ.update(OMP_WAIT_POLICY="passive", OMP_NUM_THREADS=str(THREADS), OPENBLAS_NUM_THREADS=str(THREADS))

import numpy as np  # noqa: E402
import torch  # noqa: E402

nn = torch.nn
torch.set_num_threads(THREADS)


def values(count, seed, scale=1.0):
    i = np.arange(count, dtype=np.int64)
    return ((i * 7919 + seed * 104729) % 1000 / 1000 - 0.5) * scale


def tensor(data, shape, dtype="float32"):
    return torch.tensor(data, dtype=getattr(torch, dtype)).reshape(shape)


def flags(count, seed):
    return (values(count, seed) >= 0).astype(float)


def classes(count, seed):
    return np.floor((values(count, seed) + 0.5) * 10).astype(np.int64)


class Job:
    """`body` does the work once. `renew` makes new operands for each call; it is not timed."""

    def __init__(self, body, result=None, renew=None):
        self.body, self.renew = body, renew
        self.result = result or (lambda: body())

    def run(self, calls):
        body, renew, before, start = self.body, self.renew, time.process_time(), time.perf_counter()
        untimed = 0.0
        for _ in range(calls):
            if renew:
                begin = time.perf_counter()
                renew()
                untimed += time.perf_counter() - begin
            body()
        wall = time.perf_counter() - start
        alone = min(1, (time.process_time() - before) / wall)  # bench/stopwatch.ts says why
        return (wall - untimed) * alone


def matmul(work, library):
    m, n, k, dtype = work["m"], work["n"], work["k"], work["dtype"]
    flip_a, flip_b = work["form"] in ("Aᵀ·B", "Aᵀ·Bᵀ"), work["form"] in ("A·Bᵀ", "Aᵀ·Bᵀ")
    data_a, data_b = (torch.from_numpy(values(count, i + 1)).to(getattr(torch, dtype)) for i, count in enumerate((m * k, k * n)))

    def make():
        a = data_a.reshape((k, m) if flip_a else (m, k)).clone()
        b = data_b.reshape((n, k) if flip_b else (k, n)).clone()
        return (a.numpy(), b.numpy()) if library == "numpy" else (a, b)

    multiply = np.matmul if library == "numpy" else torch.mm
    pair = make()

    def body():
        a, b = pair
        return multiply(a.T if flip_a else a, b.T if flip_b else b)

    def renew():
        nonlocal pair
        pair = make()

    return Job(body, renew=renew if work["fresh"] else None)


FUNCTIONS = {
    "relu": torch.relu,
    "add": lambda x: x + x,
    "exp": torch.exp,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "gelu": nn.functional.gelu,
    "softmax": lambda x: torch.softmax(x, 1),
}


def elementwise(work):
    count, row = work["count"], min(work["count"], 1000)
    x = tensor(values(count, 1, 8), (count // row, row), work["dtype"])
    function = FUNCTIONS[work["op"]]
    return Job(lambda: function(x))


def adam_update(work):
    parameter = nn.Parameter(tensor(values(work["count"], 1), (-1,), work["dtype"]))
    parameter.grad = tensor(values(work["count"], 2), (-1,), work["dtype"])
    optimizer = torch.optim.Adam([parameter], lr=0.001)

    def result():
        optimizer.step()
        return parameter

    return Job(optimizer.step, result)


def convolution(work):
    batch, channels, filters, side, kernel = (work[key] for key in ("batch", "channels", "filters", "side", "kernel"))
    out = side - kernel + 1
    shapes = (batch, channels, side, side), (filters, channels, kernel, kernel), (batch, filters, out, out)
    x, weight, gradient = (tensor(values(math.prod(shape), i + 1), shape) for i, shape in enumerate(shapes))
    if work["pass"] == "forward":
        return Job(lambda: nn.functional.conv2d(x, weight))
    of_x = work["pass"] == "input"

    def backward():
        mask = [of_x, not of_x, False]
        return torch.ops.aten.convolution_backward(
            gradient, x, weight, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1, mask
        )[0 if of_x else 1]

    return Job(backward)


class BentIdentity(nn.Module):
    def forward(self, x):
        return (torch.sqrt(x * x + 1) - 1) / 2 + x


class Small(nn.Module):
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


def start(model):
    with torch.no_grad():
        for i, parameter in enumerate(model.parameters()):
            spread = parameter.dim() > 1
            scale = 2 / math.sqrt(parameter.numel() / parameter.shape[0]) if spread else 0.1
            parameter.copy_(tensor(values(parameter.numel(), i, scale), parameter.shape, "float64"))
    return model


def example(number, batch):
    """The model, loss, optimizer and data of bench/work/simdgrad-steps.ts."""
    adam = torch.optim.Adam
    if number == 1:
        model = start(nn.Sequential(nn.Linear(2, 2), BentIdentity(), nn.Linear(2, 1), nn.Sigmoid()).double())
        x, y = tensor(values(2 * batch, 1), (batch, 2), "float64"), tensor(flags(batch, 2), (batch, 1), "float64")
        return model, nn.BCELoss(), adam(model.parameters(), lr=0.01), x, y
    if number == 2:
        model = start(nn.Linear(1, 1))
        x, y = (tensor(values(batch, seed), (batch, 1)) for seed in (1, 2))
        return model, nn.MSELoss(), adam(model.parameters(), lr=0.01), x, y
    if number == 3:
        model = start(Small())
        optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
        x, y = tensor(values(batch * 3072, 1, 2), (batch, 3, 32, 32)), torch.from_numpy(classes(batch, 2))
        return model, nn.CrossEntropyLoss(), optimizer, x, y
    model = start(large())
    x = tensor(values(batch * 3 * 256**2, 1, 2), (batch, 3, 256, 256))
    return model, nn.BCELoss(), adam(model.parameters(), lr=1e-4), x, tensor(flags(batch * 40, 2), (batch, 40))


def step(work):
    torch.manual_seed(0)
    model, criterion, optimizer, x, y = example(work["example"], work["batch"])

    def body():
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    def result():
        losses = torch.stack([body().detach() for _ in range(3)])
        optimizer.param_groups[0]["lr"] = 1e-12  # RESTING_RATE of bench/work/work.ts, which says why
        return losses

    return Job(body, result=result)


class Unsupported(Exception):
    pass


def job_of(work, library):
    if work["op"] == "matmul":
        return matmul(work, library)
    if library == "numpy":
        raise Unsupported("only matrix products")
    makers = {"adam": adam_update, "conv": convolution, "step": step}
    return makers.get(work["op"], elementwise)(work)


def sample_of(result):
    """The elements to compare. bench/compare/contender.ts picks the same ones."""
    flat = np.asarray(result.detach().numpy() if torch.is_tensor(result) else result).reshape(-1)
    return flat[:: len(flat) // 1000 | 1].astype(float).tolist()


def versions():
    """The versions of PyTorch and NumPy, and the BLAS libraries that they loaded."""
    torch.mm(torch.ones(2, 2), torch.ones(2, 2))
    with open("/proc/self/maps") as maps:
        files = {line.split("/")[-1].strip() for line in maps if "blas" in line.lower() or "mkl_" in line}
    blas = next((f for f in sorted(files) if "openblas" in f or "mkl" in f or "blis" in f), None)
    return {"PyTorch": torch.__version__, "NumPy": np.__version__, "BLAS": blas or "reference BLAS, unoptimised"}


job = None
for line in sys.stdin:
    ask = json.loads(line)
    try:
        if ask["ask"] == "versions":
            answer = {"versions": versions()}
        elif ask["ask"] == "make":
            job = None
            job = job_of(ask["work"], ask["library"])
            result = sample_of(job.result())
            answer = {"result": result}
        elif ask["ask"] == "run":
            answer = {"seconds": job.run(ask["calls"])}
        else:
            job, answer = None, {}
    except Unsupported as error:
        answer = {"unsupported": str(error)}
    print(json.dumps(answer), flush=True)
