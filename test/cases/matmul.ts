import type { Row } from "../support/case.js";

export const matmul: readonly Row[] = [];
