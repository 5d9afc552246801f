import { allowed } from "../src/ops/conv/convolution-route.js";
import { caseOf, steps } from "./operations.js";
import type { Case, Suite } from "./suite.js";

/** A case by turns with and without a route of convolutions. The gradients add in another order without "slide". */
function without(route: keyof typeof allowed, item: Case): Case {
  const fn = (): void => {
    allowed[route] = false;
    try {
      item.fn();
    } finally {
      allowed[route] = true;
    }
  };
  return { ...item, name: `${item.name}, ${route}`, without: { part: route, fn } };
}

/** What each route of convolutions gains in a whole training step. */
export const routes: Suite = {
  name: "routes",
  *cases() {
    for (const step of steps(3, 4)) {
      for (const route of ["slide", "sparse"] as const) yield without(route, caseOf(step));
    }
  },
};
