import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { namesPage, PAGE } from "../../../scripts/torch-names.js";

it("docs/pytorch-names.md is what `npm run maintain -- names` writes", () => {
  expect(readFileSync(PAGE, "utf8")).toBe(namesPage());
});
