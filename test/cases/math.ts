import type { Row } from "../support/case.js";

export const math: readonly Row[] = [];
