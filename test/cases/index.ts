import type { Row } from "../support/case.js";

export const index: readonly Row[] = [];
