import type { Storage } from "../runtime/storage.js";
import type { Tensor } from "./tensor.js";

/** The memory that serves a tensor alone, as an optimizer's state serves a parameter. */
const followers = new WeakMap<Tensor, Set<Storage>>();

/** Says that a tensor is of no use without `leader`. @returns the tensor */
export function follow(leader: Tensor, tensor: Tensor): Tensor {
  const all = followers.get(leader) ?? new Set();
  for (const storage of all) if (storage.freed) all.delete(storage);
  followers.set(leader, all.add(tensor.storage));
  return tensor;
}

/** Frees a tensor with its gradient and all that follows it. */
export function freeWithFollowers(leader: Tensor): void {
  const end = "free() of its model was called";
  for (const storage of followers.get(leader) ?? []) storage.free(end);
  followers.delete(leader);
  leader.gradient?.storage.free(end);
  leader.dropGradient();
  leader.storage.free(end);
}
