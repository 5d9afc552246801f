import type { Settings } from "../train/trainer.js";

const LAST: Record<string, string> = {
  linear: "",
  relu: ", relu: new nn.ReLU()",
  prelu: ", prelu: new nn.PReLU()",
  bentIdentity: ", bentIdentity: new nn.BentIdentity()",
  softExponential: ", softExponential: new nn.SoftExponential(-0.9)",
};

const OWN = `
/** A final function with two parameters: 1 / softExponential(x) + beta. */
class SoftExponential2 extends nn.Module {
  alpha = new nn.Parameter(tensor(0.1));
  beta = new nn.Parameter(tensor(7));

  forward(x: Tensor): Tensor {
    return F.softExponential(x, this.alpha).reciprocal().add(this.beta);
  }
}
`;

const LINE = `
const line = () => {
  const lin = new nn.Linear(1, 1);
  nn.init.constant_(lin.weight, -0.01);
  nn.init.constant_(lin.bias!, 8);
  return lin;
};
`;

const model = (head: string): string =>
  head === "softExponential2"
    ? "new nn.Sequential({ softExponential2: new SoftExponential2() })"
    : `new nn.Sequential({ lin: line()${LAST[head]} })`;

/** Example 2 as a program to paste. */
export function housesCode({ learningRate, head }: Settings): string {
  const own = head === "all" || head === "softExponential2";
  const line = head !== "softExponential2";
  const names = head === "all" ? [...Object.keys(LAST), "softExponential2"] : [head];
  const models = names.map((name) => `  ${name}: ${model(name)},`).join("\n");
  return `import { ${own ? "F, nn, optim, scope, type Tensor, tensor" : "nn, optim, scope, tensor"} } from "simdgrad";

const x = tensor([30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140]).unsqueeze(1);
const y = tensor([7.5, 7, 6.5, 6, 5.5, 5, 4.5, 3.5, 3.2, 2.8, 3.0, 2.5]).unsqueeze(1);
${own ? OWN : ""}${line ? LINE : ""}
const models = {
${models}
};

for (const [name, model] of Object.entries(models)) {
  const criterion = new nn.MSELoss();
  const optimizer = new optim.Adam(model.parameters(), { lr: ${learningRate} });
  for (let epoch = 0; epoch < 100; epoch++) {
    using _epoch = scope(); // frees the epoch's tensors at its end
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(x), y);
    loss.backward();
    optimizer.step();
    if (epoch === 99) console.log(name, loss.item());
  }
}
`;
}
