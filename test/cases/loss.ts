import type { Row } from "../support/case.js";

export const loss: readonly Row[] = [];
