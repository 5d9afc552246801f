/** What a page may ask a trained model for: files of its weights, graphs. */
import type { nn } from "simdgrad";
import { toBytes, toSafetensors } from "simdgrad/io";
import type { FileFormat, GraphKind } from "./protocol.js";
import type { Specimen } from "./train/trainer.js";

export function exportWeights(weights: nn.StateDict, format: FileFormat): Promise<Uint8Array<ArrayBuffer>> {
  return format === "pth" ? toBytes(weights) : toSafetensors(weights);
}

export function graphOf(_specimen: Specimen, kind: GraphKind): string {
  return `digraph { "${kind}" }`;
}
