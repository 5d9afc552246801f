import type { Settings } from "../train/trainer.js";

const LOSS: Record<string, string> = {
  logits: "F.crossEntropy(logits, labels)",
  logSoftmax: "F.nllLoss(F.logSoftmax(logits, 1), labels)",
  softmax: "F.mseLoss(F.softmax(logits, 1), F.oneHot(labels, 10).float())",
  sigmoid: "F.binaryCrossEntropy(logits.sigmoid(), F.oneHot(labels, 10).float())",
  mistake: "F.crossEntropy(F.softmax(logits, 1), labels) // a classic mistake: the loss applies softmax too",
};

/** Example 3 as a program to paste. */
export function scenesCode({ seed, learningRate, head, batch }: Settings): string {
  return `import { F, manualSeed, nn, optim, type Tensor } from "simdgrad";
import { DataLoader } from "simdgrad/data";
import { syntheticCifar10 } from "simdgrad/synthetic";
import { save } from "simdgrad/io";

class Net extends nn.Module {
  conv1 = new nn.Conv2d(3, 6, 5);
  pool = new nn.MaxPool2d(2, 2);
  conv2 = new nn.Conv2d(6, 16, 5);
  fc1 = new nn.Linear(16 * 5 * 5, 120);
  fc2 = new nn.Linear(120, 84);
  fc3 = new nn.Linear(84, 10);

  forward(x: Tensor): Tensor {
    x = this.pool.forward(F.relu(this.conv1.forward(x)));
    x = this.pool.forward(F.relu(this.conv2.forward(x)));
    x = x.view(-1, 16 * 5 * 5);
    x = F.relu(this.fc1.forward(x));
    x = F.relu(this.fc2.forward(x));
    return this.fc3.forward(x);
  }
}

// drawings; for the real pictures: await Cifar10.open({ root: "data", train: true })
const trainset = syntheticCifar10({ train: true });

manualSeed(${seed});
const net = new Net();
const optimizer = new optim.SGD(net.parameters(), { lr: ${learningRate}, momentum: 0.9 });
const loader = new DataLoader(trainset, { batchSize: ${batch}, shuffle: true });

for (let epoch = 0; epoch < 2; epoch++) {
  let sum = 0;
  for (const [inputs, labels] of loader) {
    optimizer.zeroGrad();
    const logits = net.forward(inputs);
    const loss = ${LOSS[head]};
    loss.backward();
    optimizer.step();
    sum += loss.item();
  }
  console.log(epoch + 1, sum / loader.length);
}
await save(net.stateDict(), "cifar_net.pth");
`;
}
