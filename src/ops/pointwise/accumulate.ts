import { broadcastShapes } from "../../base/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { writeElements } from "../layout/copy.js";
import { zip, zipInto } from "./zip.js";

/** Adds g to a gradient in place. Not recorded. */
export function addInto(total: Tensor, g: Tensor): void {
  broadcastShapes("add", total.shape, g.shape);
  if (total.isContiguous()) {
    zipInto("add", total, total, g, total.dtype);
    total.storage.version++;
  } else {
    writeElements(total, zip("add", total, g, total.dtype)); // a user may have assigned a view
  }
}
