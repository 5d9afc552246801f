import { Tensor } from "./array/tensor.js";
import { type BackwardOptions, backward } from "./autograd/backward.js";
import { registerHook, retainGrad } from "./autograd/hooks.js";
import type { Dtype } from "./base/dtype.js";
import * as arithmetic from "./ops/arithmetic.js";
import * as broadcast from "./ops/broadcast.js";
import * as copy from "./ops/copy.js";
import { keep } from "./scope.js";

/**
 * The one table of what can be called on a tensor: each entry becomes a method whose first argument is the tensor. Types
 * and run time both come from it, so a new operation is one line here.
 */
const methods = {
  add: arithmetic.add,
  mul: arithmetic.mul,
  sum: broadcast.sum,
  expand: broadcast.expand,
  clone: copy.clone,
  contiguous: copy.contiguous,
  detach: copy.detach,
  copy_: copy.copy_,
  /** Converts to another element type. */
  to: (self: Tensor, dtype: Dtype): Tensor => copy.cast(self, dtype),
  float: (self: Tensor): Tensor => copy.cast(self, "float32"),
  double: (self: Tensor): Tensor => copy.cast(self, "float64"),
  int: (self: Tensor): Tensor => copy.cast(self, "int32"),
  bool: (self: Tensor): Tensor => copy.cast(self, "bool"),
  /** See {@link backward}: `loss.backward()`, `y.backward(gradient)`, `loss.backward({ retainGraph: true })`. */
  backward: (self: Tensor, gradient?: Tensor | BackwardOptions | null, options?: BackwardOptions): void => {
    if (gradient instanceof Tensor || gradient === null || gradient === undefined) backward(self, gradient, options);
    else backward(self, null, gradient);
  },
  registerHook,
  retainGrad,
  keep: (self: Tensor): Tensor => keep(self),
  /** Frees the memory now; views of it are freed too. */
  free: (self: Tensor): void => self.storage.free(),
};

type Method<F> = F extends (self: Tensor, ...rest: infer A) => infer R ? (...rest: A) => R : never;

/** The operations as methods: `x.add(y)` for `add(x, y)`. */
export type TensorMethods = { [K in keyof typeof methods]: Method<(typeof methods)[K]> };

declare module "./array/tensor.js" {
  // The class and its methods are one type: see docs/architecture.md, "Methods".
  interface Tensor extends TensorMethods {}
}

for (const [name, operation] of Object.entries(methods)) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...rest: never[]): unknown {
      return (operation as (self: Tensor, ...rest: never[]) => unknown)(this, ...rest);
    },
  });
}

export { Tensor };
