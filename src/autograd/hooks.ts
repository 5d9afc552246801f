import { GraphError } from "../base/errors.js";
import { define, type Kind } from "../base/signature.js";
import { tensorKind } from "../tensor/kinds.js";
import type { GradHook, Tensor } from "../tensor/tensor.js";

/** Removes a hook. */
export type HookHandle = { remove(): void };

/** Adds a hook to a list. @returns the handle that removes it */
export function addHook<T>(hooks: T[], hook: T): HookHandle {
  hooks.push(hook);
  return {
    remove: () => {
      const at = hooks.indexOf(hook);
      if (at >= 0) hooks.splice(at, 1);
    },
  };
}

const hookKind: Kind<GradHook> = {
  expected: "a function of the gradient",
  fits: (value): value is GradHook => typeof value === "function",
};

/**
 * Calls `hook` with the tensor's gradient each time that backward() computes it. If the hook returns a tensor, that
 * replaces the gradient. As torch.Tensor.register_hook.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.register_hook.html
 */
export const registerHook = define(
  "registerHook",
  { input: tensorKind, hook: hookKind },
  (tensor: Tensor, hook: GradHook): HookHandle => {
    if (!tensor.requiresGrad) throw new GraphError("registerHook", "expected a tensor that needs a gradient");
    if (tensor.node === null) {
      tensor.hooks ??= [];
      return addHook(tensor.hooks, hook);
    }
    tensor.node.hooks ??= new Map();
    let hooks = tensor.node.hooks.get(tensor.outputIndex);
    if (hooks === undefined) {
      hooks = [];
      tensor.node.hooks.set(tensor.outputIndex, hooks);
    }
    return addHook(hooks, hook);
  },
);

/**
 * Makes backward() fill the `grad` of a tensor that is no leaf, as torch.Tensor.retain_grad. The gradient lives in the
 * tensor's own scope.
 */
export const retainGrad = define("retainGrad", { input: tensorKind }, (tensor: Tensor): void => {
  if (!tensor.requiresGrad) throw new GraphError("retainGrad", "expected a tensor that needs a gradient");
  if (tensor.node === null) return;
  tensor.node.retained ??= new Map();
  tensor.node.retained.set(tensor.outputIndex, tensor);
});
