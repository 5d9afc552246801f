import { F, nn, pow, type Tensor, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";

/** Tests beyond the rows of test/cases/: modules, defaults, refused calls, whole-number powers. */

const x = (): Tensor => tensor([-30, -4, -1, -0.25, 0, 0.5, 3, 7, 25]);
const values = (y: Tensor): number[] => [...y.toTypedArray()];

/** Each module, its printed form, and its function. */
const modules: [nn.Module, string, (x: Tensor) => Tensor][] = [
  [new nn.ReLU(), "ReLU()", F.relu],
  [new nn.ReLU6(), "ReLU6()", F.relu6],
  [new nn.LeakyReLU(), "LeakyReLU(negative_slope=0.01)", (x) => F.leakyRelu(x, 0.01)],
  [new nn.PReLU(), "PReLU(num_parameters=1)", (x) => F.leakyRelu(x, 0.25)],
  [new nn.ELU(), "ELU(alpha=1.0)", (x) => F.elu(x, 1)],
  [new nn.SELU(), "SELU()", F.selu],
  [new nn.GELU(), "GELU(approximate='none')", (x) => F.gelu(x)],
  [new nn.GELU({ approximate: "tanh" }), "GELU(approximate='tanh')", (x) => F.gelu(x, { approximate: "tanh" })],
  [new nn.SiLU(), "SiLU()", F.silu],
  [new nn.Mish(), "Mish()", F.mish],
  [new nn.Softplus(), "Softplus(beta=1, threshold=20)", (x) => F.softplus(x, 1, 20)],
  [new nn.Softsign(), "Softsign()", F.softsign],
  [new nn.Tanh(), "Tanh()", F.tanh],
  [new nn.Sigmoid(), "Sigmoid()", F.sigmoid],
  [new nn.LogSigmoid(), "LogSigmoid()", F.logsigmoid],
  [new nn.Hardtanh(-2, 0.5), "Hardtanh(min_val=-2.0, max_val=0.5)", (x) => F.hardtanh(x, -2, 0.5)],
  [new nn.Hardsigmoid(), "Hardsigmoid()", F.hardsigmoid],
  [new nn.Hardswish(), "Hardswish()", F.hardswish],
  [new nn.BentIdentity(), "BentIdentity()", F.bentIdentity],
  [new nn.SoftExponential(0.25), "SoftExponential()", (x) => F.softExponential(x, 0.25)],
];

describe("the modules", () => {
  it.each(modules)("%o", (module, text, f) => {
    expect(String(module)).toBe(text);
    expect(values(module.forward(x()) as Tensor)).toEqual(values(f(x())));
  });

  it("train what they learn", () => {
    const prelu = new nn.PReLU(3, 0.5, { dtype: "float64" });
    expect(Object.keys(prelu.stateDict())).toEqual(["weight"]);
    expect([prelu.weight.shape, prelu.weight.dtype]).toEqual([[3], "float64"]);
    prelu
      .forward(tensor([[-1, 2, -3]], { dtype: "float64" }))
      .sum()
      .backward();
    expect(values(prelu.weight.grad!)).toEqual([-1, 0, -3]);
    const soft = new nn.SoftExponential();
    expect(Object.keys(soft.stateDict())).toEqual(["alpha"]);
    soft
      .forward(tensor([2, -1]))
      .sum()
      .backward();
    expect(soft.alpha.grad!.item()).toBe(4.5); // x²/2 + 1 for each
  });

  it("refuse an empty interval and a parameter of another type", () => {
    expect(() => new nn.Hardtanh(1, 1)).toThrow("Hardtanh: expected minVal below maxVal, got 1 and 1");
    expect(() => new nn.PReLU().forward(x().double())).toThrow(
      "prelu: expected a parameter of the input's dtype float64, got float32. Convert the module with .float() or .double()",
    );
    expect(() => F.relu(tensor([1, 2], { dtype: "int32" }))).toThrow(
      "relu: expected a float32 or float64 tensor, got int32. Convert it with .float() or .double()",
    );
  });
});

describe("whole numbers", () => {
  const n = tensor([-3, -1, 0, 1, 2, 46341], { dtype: "int32" });

  it("have whole powers, which wrap as in PyTorch", () => {
    expect(values(n.pow(2))).toEqual([9, 1, 0, 1, 4, -2147479015]);
    expect(values(pow(2, tensor([0, 1, 30, 31, 32, -1], { dtype: "int32" })))).toEqual([
      1,
      2,
      2 ** 30,
      -(2 ** 31),
      0,
      0,
    ]);
    expect(n.pow(2).dtype).toBe("int32");
    expect(n.pow(0.5).dtype).toBe("float32");
  });

  it("are computed as float32 where the result is not whole, and pass through rounding", () => {
    expect(values(n.exp().log())).toEqual([-3, -1, 0, 1, 2, Number.POSITIVE_INFINITY]);
    expect(n.sigmoid().dtype).toBe("float32");
    expect(values(n.floor())).toEqual(values(n));
    expect(n.round().dtype).toBe("int32");
  });
});
