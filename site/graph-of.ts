/** Graphs of the model that trains. This file is loaded when the first graph is asked for. */
import { getRngState, scope, setRngState } from "simdgrad";
import { buildGraph, type Graph, makeDot } from "simdgrad/viz";
import type { GraphKind } from "./protocol.js";
import type { Specimen } from "./train/trainer.js";

/**
 * A graph of the model that trains. It does not change the training: the random state before dropout's draws is
 * restored.
 */
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
