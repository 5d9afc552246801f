/** Graphs of a model under training. In a file of its own, since it is loaded when the first one is asked for. */
import { getRngState, scope, setRngState } from "simdgrad";
import { buildGraph, type Graph, makeDot } from "simdgrad/viz";
import type { GraphKind } from "./protocol.js";
import type { Specimen } from "./train/trainer.js";

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
