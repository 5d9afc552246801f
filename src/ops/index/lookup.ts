import { launchUnits } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { empty, type Tensor } from "../../tensor/tensor.js";

/**
 * out[n, c, h, w] = table[c, bytes[n, c, h, w]]: a function of one byte, applied to a batch of images. Not recorded.
 *
 * @param bytes uint8 [N, C, H, W], row-major
 * @param table float [C, 256], row-major
 */
export function lookup(bytes: Tensor, table: Tensor): Tensor {
  const out = empty("lookup", bytes.shape, table.dtype);
  const [images, channels, height, width] = bytes.shape as [number, number, number, number];
  const kernel = realKernels("lookup", table.dtype).lookup;
  launchUnits(kernel, images * channels, height * width, out.ptr, bytes.ptr, table.ptr, channels, height * width);
  return out;
}
