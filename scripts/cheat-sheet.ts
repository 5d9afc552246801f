/**
 * `npm run maintain -- sheet`: writes docs/cheat-sheet.md and its pictures from src/viz/advice/sheet.ts and curves.ts.
 * test/unit/viz/head.test.ts compares the files with {@link sheetFiles}.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  activationSketches,
  lossSketches,
  plotFunction,
  problems,
  type Recommendation,
  type Sketch,
} from "simdgrad/viz";

const cell = (text: string): string => text.replaceAll("|", "\\|");

const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), row(...head.map(() => "---")), ...rows.map((cells) => row(...cells))].join("\n");

const named = (name: string): string => (name === "none" ? "none" : `\`${name}\``);

const anchor = (title: string): string => title.toLowerCase().replaceAll(" ", "-");

const fileOf = (kind: string, { name }: Sketch): string => `cheat-sheet/${kind}-${name.toLowerCase()}.svg`;

function picture({ name, axis, from, to, curves }: Sketch): string {
  const functions = Object.fromEntries(curves.map((curve) => [curve.name, curve.f]));
  const title = name === "none" ? "no activation" : name;
  const chart = plotFunction(functions, from, to, { title, xLabel: axis, yLabel: "" });
  return chart.svg({ width: 360, height: 240, theme: "auto" });
}

function section({
  title,
  problem,
  question,
  outputs,
  activation,
  loss,
  targets,
  code,
  notes,
  alternatives,
}: Recommendation): string {
  const type = targets.dtype === "float" ? "the outputs' float type" : "`int32`";
  const others = alternatives.map(({ activation: a, loss: l, when }) => `- ${named(a)} + \`${l}\`: ${when}.`);
  return [
    `## ${title}`,
    `*${question}* In the API: \`recommend("${problem}")\`.`,
    table(
      ["outputs", "final activation", "loss", "targets"],
      [[outputs, named(activation), `\`${loss}\``, `${targets.shape}, ${type}: ${targets.values}`]],
    ),
    `\`\`\`ts\n${code}\n\`\`\``,
    notes.map((note) => `- ${note}${note.endsWith(")") || note.endsWith(".") ? "" : "."}`).join("\n"),
    `Instead:\n\n${others.join("\n")}`,
  ].join("\n\n");
}

function gallery(title: string, kind: string, sketches: readonly Sketch[], head: string): string {
  const rows = sketches.map((sketch) => {
    const alt = `${sketch.name === "none" ? "no activation" : sketch.name}: ${sketch.formula}`;
    return [named(sketch.name), sketch.formula, sketch.range, `![${alt}](${fileOf(kind, sketch)})`];
  });
  return `## ${title}\n\n${table(["", "formula", head, ""], rows)}`;
}

const INTRODUCTION = `# Which final activation, which loss?

<!-- Written by \`npm run maintain -- sheet\` from src/viz/advice/sheet.ts. -->

The last layer's activation decides which numbers a network can give, the loss how wrong ones are corrected. They go in pairs. \`recommend(problem)\` in
\`simdgrad/viz\` gives the same rows as objects, and \`checkHead(model, loss, { input, target })\` looks for the usual mistakes.`;

const CHECK = `## Is it right?

\`checkHead\` knows the mistakes that cost most time: a softmax in front of \`CrossEntropyLoss\`, logits into \`BCELoss\`, one output for \`CrossEntropyLoss\`, targets
[N] beside outputs [N, 1], labels that count from 1, targets that the last activation cannot reach.

\`\`\`ts
import { nn, rand, tensor } from "simdgrad";
import { checkHead } from "simdgrad/viz";

const model = new nn.Sequential(new nn.Linear(4, 3), new nn.Softmax(1));
const target = tensor([1, 2, 3], { dtype: "int32" });
const report = checkHead(model, new nn.CrossEntropyLoss(), { input: rand([3, 4]), target });
console.log(String(report));
report.findings.map(({ rule }) => rule); // ["softmax-before-cross-entropy", "class-range"]
\`\`\``;

/** The text of each file of the sheet, by its path in docs/. */
export function sheetFiles(): Map<string, string> {
  const overview = table(
    ["problem", "outputs", "final activation", "loss", "targets"],
    problems.map(({ title, outputs, activation, loss, targets }) => [
      `[${title}](#${anchor(title)})`,
      outputs,
      named(activation),
      `\`${loss}\``,
      `${targets.shape} ${targets.dtype}`,
    ]),
  );
  const text = [
    INTRODUCTION,
    overview,
    ...problems.map(section),
    CHECK,
    gallery("Activations", "activation", activationSketches, "results"),
    gallery("Losses", "loss", lossSketches, "compares"),
  ].join("\n\n");
  const pictures = [
    ...activationSketches.map((sketch) => [fileOf("activation", sketch), picture(sketch)] as const),
    ...lossSketches.map((sketch) => [fileOf("loss", sketch), picture(sketch)] as const),
  ];
  return new Map([["cheat-sheet.md", `${text}\n`], ...pictures]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [name, text] of sheetFiles()) {
    const path = join(fileURLToPath(new URL("../docs/", import.meta.url)), name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
