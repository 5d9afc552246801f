import type { Row } from "../support/case.js";

export const activation: readonly Row[] = [];
