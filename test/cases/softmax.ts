import type { Row } from "../support/case.js";

export const softmax: readonly Row[] = [];
