import type { Row } from "../support/case.js";

export const normalize: readonly Row[] = [];
