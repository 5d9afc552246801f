import type { Row } from "../support/case.js";

export const compare: readonly Row[] = [];
