import { tensor } from "simdgrad";
import type { Saveable } from "simdgrad/io";

/** The base of the views in the value below. */
export const shared = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
/** A value with everything that torch.save can write: shared storages, views, all dtypes, plain data. */
export const value = {
  model: { "fc.weight": shared, "fc.bias": tensor([0.1, Number.NaN], { dtype: "float64" }) },
  labels: tensor([1, -2], { dtype: "int32" }),
  mask: tensor([true, false]),
  bytes: tensor(Uint8Array.of(0, 255)),
  scalar: tensor(2.5),
  empty: tensor(new Float32Array(), { shape: [0, 3] }),
  views: [shared.t(), shared.select(0, 1)],
  plain: {
    epoch: 3,
    lr: 0.1,
    big: 2 ** 40,
    huge: 2n ** 70n,
    none: null,
    flag: true,
    text: "naïve ☃",
    list: [1, [2.5]],
  },
  state: { 0: { step: 1 }, 10: { step: 2 } },
} satisfies Saveable;
