/** Example 4's networks: the tutorial's own, which is the example's class, and a small one of the same structure. */
import { nn, type Tensor } from "simdgrad";
import { Net } from "../../examples/04-multi-label.js";

/** The layers of both networks. */
export type FaceNet = nn.Module & Pick<Net, `ConvLayer${1 | 2 | 3 | 4}` | `Linear${1 | 2 | 3}`>;

export type Size = "small" | "full";

/** The height and width of the faces that each network takes. */
export const SIDES: Record<Size, number> = { small: 64, full: 256 };

const CHANNELS = [3, 16, 32, 64, 64];

const block = (index: 1 | 2 | 3 | 4): nn.Sequential =>
  new nn.Sequential(
    new nn.Conv2d(CHANNELS[index - 1]!, CHANNELS[index]!, 3),
    new nn.MaxPool2d(2),
    new nn.ReLU(),
    ...(index === 4 ? [new nn.Dropout(0.2)] : []),
  );

/** Takes faces of 64 × 64 pixels, a sixteenth of the tutorial's, and has far fewer channels. */
export class SmallNet extends nn.Module {
  ConvLayer1 = block(1);
  ConvLayer2 = block(2);
  ConvLayer3 = block(3);
  ConvLayer4 = block(4);
  Linear1 = new nn.Linear(64 * 2 * 2, 256);
  Linear2 = new nn.Linear(256, 128);
  Linear3 = new nn.Linear(128, 40);

  forward(x: Tensor): Tensor {
    return logitsOf(this, x).sigmoid();
  }
}

export const netOf = (size: Size): FaceNet => (size === "small" ? new SmallNet() : new Net());

/** The network without its sigmoid, for losses that take logits and for other final activations. */
export function logitsOf(net: FaceNet, x: Tensor): Tensor {
  for (const layer of [net.ConvLayer1, net.ConvLayer2, net.ConvLayer3, net.ConvLayer4]) x = layer.forward(x);
  return net.Linear3.forward(net.Linear2.forward(net.Linear1.forward(x.flatten(1))));
}
