/** What a page may ask a trained model for: files of its weights, graphs. */
import { getRngState, type nn, scope, setRngState } from "simdgrad";
import { toBytes, toSafetensors } from "simdgrad/io";
import { buildGraph, type Graph, makeDot } from "simdgrad/viz";
import type { FileFormat, GraphKind } from "./protocol.js";
import type { Specimen } from "./train/trainer.js";

export function exportWeights(weights: nn.StateDict, format: FileFormat): Promise<Uint8Array<ArrayBuffer>> {
  return format === "pth" ? toBytes(weights) : toSafetensors(weights);
}

/** A graph of a model under training. The training goes on as if nobody had looked: dropout's draws are taken back. */
export function graphOf(specimen: () => Specimen, kind: GraphKind): Graph {
  const random = getRngState();
  try {
    return scope(() => {
      const { model, input, output } = specimen();
      if (kind === "layers") return buildGraph(model, input, { title: "" });
      return makeDot(output(), { params: model.namedParameters() });
    });
  } finally {
    setRngState(random);
  }
}
