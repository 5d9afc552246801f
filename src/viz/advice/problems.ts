import { type Recommendation, ROWS, type Row } from "./sheet.js";

/** The program to paste of a row. */
function programOf({ size, final, criterion, target, uses, answer, body }: Row): string {
  const layers = body?.layers ?? ["new nn.Linear(4, 8)", "new nn.ReLU()", `new nn.Linear(8, ${size})`];
  const all = final === null ? layers : [...layers, final];
  return [
    `import { ${[...uses, "nn", "optim", "rand"].sort().join(", ")} } from "simdgrad";`,
    "",
    "const model = new nn.Sequential(",
    ...all.map((layer) => `  ${layer},`),
    ");",
    `const criterion = ${criterion};`,
    "const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });",
    "",
    `const input = ${body?.input ?? "rand([16, 4])"};`,
    `const target = ${target};`,
    "optimizer.zeroGrad();",
    "const loss = criterion.forward(model.forward(input), target);",
    "loss.backward();",
    "optimizer.step();",
    "",
    "const output = model.forward(input);",
    answer,
  ].join("\n");
}

function recommendationOf(row: Row): Recommendation {
  const { problem, title, question, outputs, activation, loss, targets, notes, alternatives } = row;
  return { problem, title, question, outputs, activation, loss, targets, code: programOf(row), notes, alternatives };
}

/** Every row of the sheet: which final activation and which loss for which problem. */
export const problems: readonly Recommendation[] = ROWS.map(recommendationOf);

/** Other names of a problem. */
export const aliasesOf = (problem: string): readonly string[] =>
  ROWS.find((row) => row.problem === problem)?.aliases ?? [];
