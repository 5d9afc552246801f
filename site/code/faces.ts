import type { Size } from "../train/faces-net.js";
import type { Settings } from "../train/trainer.js";

const LOSS: Record<string, string> = {
  sigmoid: "F.binaryCrossEntropy(logits.sigmoid(), attributes)",
  logits: "F.binaryCrossEntropyWithLogits(logits, attributes)",
  hardsigmoid: "F.binaryCrossEntropy(F.hardsigmoid(logits), attributes)",
  squares: "F.mseLoss(logits.sigmoid(), attributes)",
};

const PARTS: Record<Size, { channels: string; linear: string; transform: string; faces: string; steps: number }> = {
  small: {
    channels: "[3, 16, 32, 64, 64]",
    linear: "64 * 2 * 2, 256|256, 128|128, 40",
    transform: "transforms.compose([transforms.resize(64), transforms.toTensor()])",
    faces: 'syntheticFaces({ split: "train", size: 400, transform })',
    steps: 600,
  },
  full: {
    channels: "[3, 64, 128, 256, 512]",
    linear: "512 * 14 * 14, 1024|1024, 256|256, 40",
    transform: "transforms.toTensor()",
    faces: 'syntheticFaces({ split: "train", transform })',
    steps: 5,
  },
};

/** Example 4 as a program to paste. */
export function facesCode({ seed, learningRate, head, batch }: Settings, size: Size): string {
  const { channels, linear, transform, faces, steps } = PARTS[size];
  const [first, second, third] = linear.split("|");
  return `import { F, manualSeed, nn, optim, type Tensor } from "simdgrad";
import { DataLoader, transforms } from "simdgrad/data";
import { syntheticFaces } from "simdgrad/synthetic";
import { save } from "simdgrad/io";

const CHANNELS = ${channels};
const block = (i: number) =>
  new nn.Sequential(
    new nn.Conv2d(CHANNELS[i - 1]!, CHANNELS[i]!, 3),
    new nn.MaxPool2d(2),
    new nn.ReLU(),
    ...(i === 4 ? [new nn.Dropout(0.2)] : []),
  );

class Net extends nn.Module {
  ConvLayer1 = block(1);
  ConvLayer2 = block(2);
  ConvLayer3 = block(3);
  ConvLayer4 = block(4);
  Linear1 = new nn.Linear(${first});
  Linear2 = new nn.Linear(${second});
  Linear3 = new nn.Linear(${third});

  forward(x: Tensor): Tensor {
    for (const layer of [this.ConvLayer1, this.ConvLayer2, this.ConvLayer3, this.ConvLayer4]) x = layer.forward(x);
    return this.Linear3.forward(this.Linear2.forward(this.Linear1.forward(x.flatten(1))));
  }
}

const transform = ${transform};
const faces = ${faces};

manualSeed(${seed});
const net = new Net();
const optimizer = new optim.Adam(net.parameters(), { lr: ${learningRate} });
const loader = new DataLoader(faces, { batchSize: ${batch}, shuffle: true });

let step = 0;
while (step < ${steps}) {
  for (const [inputs, attributes] of loader) {
    optimizer.zeroGrad();
    const logits = net.forward(inputs);
    const loss = ${LOSS[head]};
    loss.backward();
    optimizer.step();
    if (++step % ${steps > 50 ? 50 : 1} === 0) console.log(step, loss.item());
    if (step === ${steps}) break;
  }
}
await save(net.stateDict(), "faces.pth");
`;
}
