/** Files that PyTorch reads. */
import { join } from "node:path";
import { nn, ones, optim, rand, tensor } from "simdgrad";
import { loadCheckpoint, type Saveable, save } from "simdgrad/io";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/files.js";
import { value } from "../support/saved-value.js";
import { inTorch } from "../support/torch.js";
import { parts, train } from "../support/train.js";

const folder = temporaryFolder();

describe("save", () => {
  it("writes what PyTorch loads (where a Python with PyTorch is found)", async ({ skip }) => {
    const net = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.Linear(3, 4));
    await save(value, join(folder, "torch.pth"));
    await save(net.stateDict(), join(folder, "net.pth"));
    await save(new nn.ParameterList([new nn.Parameter(tensor([1, 2]))]).stateDict(), join(folder, "list.pth"));
    const script = `
import json
v = torch.load(sys.argv[1] + "/torch.pth")
w = v["model"]["fc.weight"]
assert w.dtype == torch.float32 and w.tolist() == [[1, 2, 3], [4, 5, 6]]
assert v["model"]["fc.bias"].dtype == torch.float64 and v["model"]["fc.bias"][0].item() == 0.1
assert v["labels"].dtype == torch.int32 and v["labels"].tolist() == [1, -2]
assert v["mask"].dtype == torch.bool and v["mask"].tolist() == [True, False]
assert v["bytes"].dtype == torch.uint8 and v["bytes"].tolist() == [0, 255]
assert v["scalar"].shape == () and v["scalar"].item() == 2.5 and v["empty"].shape == (0, 3)
assert v["views"][0].tolist() == w.t().tolist() and v["views"][1].data_ptr() == w[1].data_ptr()
assert v["plain"] == dict(epoch=3, lr=0.1, big=2**40, huge=2**70, none=None, flag=True, text="naïve ☃", list=[1, [2.5]])
assert v["state"] == {0: {"step": 1}, 10: {"step": 2}}
net = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.Linear(3, 4))
net.load_state_dict(torch.load(sys.argv[1] + "/net.pth", weights_only=True))
few = torch.nn.ParameterList([torch.nn.Parameter(torch.zeros(2))])
few.load_state_dict(torch.load(sys.argv[1] + "/list.pth"))
assert few[0].tolist() == [1, 2]
print(json.dumps({k: t.flatten().tolist() for k, t in net.state_dict().items()}))
`;
    const out = inTorch(script, folder);
    if (out === undefined) skip("no Python with PyTorch here");
    const own = Object.entries(net.stateDict()).map(([key, t]) => [key, [...t.toTypedArray()]]);
    expect(JSON.parse(out!)).toEqual(Object.fromEntries(own));
  });
});

describe("a checkpoint", () => {
  it("is a file that PyTorch reads (where a Python with PyTorch is found)", async ({ skip }) => {
    const path = join(folder, "torch.pth");
    const all = parts("Adam");
    await train("Adam", { path, batches: 9 });
    const script = `
c = torch.load(sys.argv[1])
net = torch.nn.Module(); net.fc1 = torch.nn.Linear(5, 16); net.fc2 = torch.nn.Linear(16, 3)
net.load_state_dict(c["model_state_dict"])
opt = torch.optim.Adam(net.parameters(), lr=1.0)
opt.load_state_dict(c["optimizer_state_dict"])
assert opt.param_groups[0]["lr"] == 0.005, opt.param_groups
assert len(opt.state) == 4 and opt.state[net.fc1.weight]["exp_avg"].shape == (16, 5)
net.fc1.weight.grad = torch.ones(16, 5)
opt.step()
w = net.fc1.weight.flatten().tolist()
torch.set_rng_state(c["rng_state"])
print(torch.rand(1).item(), c["epoch"], len(c["extra"]), *w)
`;
    const said = inTorch(script, path);
    if (said === undefined) skip("no Python with PyTorch here");
    const out = said!.trim().split(" ");
    const { epoch } = await loadCheckpoint(path, all);
    expect(out.slice(0, 3)).toEqual([String(rand([1]).toTypedArray()[0]), String(epoch), "9"]);
    const { weight } = all.model.fc1;
    weight.grad = ones([16, 5]);
    all.optimizer.step();
    const next = [...weight.toTypedArray()];
    out.slice(3).forEach((value, i) => void expect(next[i]).toBeCloseTo(Number(value), 6));
    expect(out.length).toBe(3 + next.length);
  });
});

describe("the state of each optimizer and scheduler", () => {
  it("is one that PyTorch goes on from (where a Python with PyTorch is found)", async ({ skip }) => {
    const params = () => [new nn.Parameter(ones([2]))];
    const optimizers = {
      SGD: new optim.SGD(params(), 0.1, 0.9),
      Adam: new optim.Adam(params(), { amsgrad: true }),
      AdamW: new optim.AdamW(params()),
      RMSprop: new optim.RMSprop(params(), { centered: true, momentum: 0.9 }),
      Adagrad: new optim.Adagrad(params(), { lrDecay: 0.1 }),
    };
    const sgd = () => new optim.SGD(params(), 0.1);
    const schedulers = {
      StepLR: new optim.StepLR(sgd(), 2),
      MultiStepLR: new optim.MultiStepLR(sgd(), [1, 2, 2], 0.5),
      ExponentialLR: new optim.ExponentialLR(sgd(), 0.5),
      CosineAnnealingLR: new optim.CosineAnnealingLR(sgd(), 5),
      LambdaLR: new optim.LambdaLR(sgd(), (epoch) => 0.5 ** epoch),
    };
    const step = () => {
      for (const optimizer of Object.values(optimizers)) {
        for (const param of optimizer.paramGroups[0]!.params) param.grad = ones([2]);
        optimizer.step();
      }
      for (const scheduler of Object.values(schedulers)) scheduler.step();
    };
    step();
    const states = (all: Record<string, { stateDict(): Saveable }>) =>
      Object.fromEntries(Object.entries(all).map(([name, one]) => [name, one.stateDict()]));
    const weights = () => Object.values(optimizers).map((o) => [...o.paramGroups[0]!.params[0]!.toTypedArray()]);
    const path = join(folder, "states.pth");
    await save({ opt: states(optimizers), sched: states(schedulers), weights: weights().map((w) => tensor(w)) }, path);
    step();
    const script = `
import json
c = torch.load(sys.argv[1])
weights = []
for w, (name, state) in zip(c["weights"], c["opt"].items()):
    p = torch.nn.Parameter(w)
    o = getattr(torch.optim, name)([p], lr=1.0)
    o.load_state_dict(state)
    p.grad = torch.ones(2)
    o.step()
    weights.append(p.tolist())
L = torch.optim.lr_scheduler
make = dict(StepLR=lambda o: L.StepLR(o, 9), MultiStepLR=lambda o: L.MultiStepLR(o, [9]), ExponentialLR=lambda o: L.ExponentialLR(o, 1),
    CosineAnnealingLR=lambda o: L.CosineAnnealingLR(o, 9), LambdaLR=lambda o: L.LambdaLR(o, lambda e: 0.5**e))
rates = []
for name, state in c["sched"].items():
    o = torch.optim.SGD([torch.nn.Parameter(torch.ones(2))], lr=0.1)
    s = make[name](o)
    s.load_state_dict(state)
    o.param_groups[0]["lr"] = state["_last_lr"][0]
    s.step()
    rates += s.get_last_lr()
print(json.dumps([weights, rates]))
`;
    const said = inTorch(script, path);
    if (said === undefined) skip("no Python with PyTorch here");
    const [theirs, rates] = JSON.parse(said!) as [number[][], number[]];
    weights().forEach((own, i) => void own.forEach((value, j) => void expect(value).toBeCloseTo(theirs[i]![j]!, 6)));
    Object.values(schedulers).forEach((own, i) => void expect(own.getLastLr()[0]).toBeCloseTo(rates[i]!, 14));
  });
});
