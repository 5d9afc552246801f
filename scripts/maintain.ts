/** `npm run maintain -- task [argument…]`: tasks of maintainers, such as writing generated files that are in git. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "./build/index.js";
import type { Goal } from "./build/targets.js";

type Task = {
  says: string;
  /** The goals to build first. */
  needs: readonly Goal[];
  /** The meaning of "simdgrad" in the programs: the sources or dist/. */
  of: "src" | "dist";
  programs: readonly string[];
};

const TASKS: Record<string, Task> = {
  sheet: {
    says: "writes docs/cheat-sheet.md and its pictures",
    needs: ["kernels"],
    of: "src",
    programs: ["scripts/cheat-sheet.ts"],
  },
  names: {
    says: "writes docs/pytorch-names.md",
    needs: ["kernels"],
    of: "src",
    programs: ["scripts/torch-names.ts"],
  },
  pictures: {
    says: "draws docs/pictures/",
    needs: ["kernels"],
    of: "src",
    programs: ["scripts/pictures.ts"],
  },
  digests: {
    says: "prints the digests of the examples that test/slow/digests.test.ts has",
    needs: ["kernels"],
    of: "src",
    programs: ["scripts/digest.ts"],
  },
  "site-digests": {
    says: "prints the digests that the page compares its own with",
    needs: ["kernels"],
    of: "src",
    programs: ["scripts/site-digests.ts"],
  },
  "bench-report": {
    says: "writes docs/performance.md from the files in docs/performance/",
    needs: [],
    of: "dist",
    programs: ["bench/document/main.ts"],
  },
  "bench-charts": {
    says: "draws the files in docs/performance/ (--peers FILE or --own FILE: others)",
    needs: ["dist"],
    of: "dist",
    programs: ["bench/compare/install.ts", "bench/peers/charts.ts"],
  },
  "bench-page": {
    says: "measures the frames a second of the page in the browsers installed here",
    needs: ["dist"],
    of: "dist",
    programs: ["bench/page.ts"],
  },
};

const USAGE = `usage: npm run maintain -- task [argument…]

${Object.entries(TASKS)
  .map(([name, { says }]) => `  ${name.padEnd(12)} ${says}`)
  .join("\n")}`;

const [name = "--help", ...args] = process.argv.slice(2);
const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
if (task === undefined) {
  if (["--help", "-h"].includes(name)) console.log(USAGE);
  else {
    console.error(`there is no task ${name}\n\n${USAGE}`);
    process.exitCode = 2;
  }
} else {
  await build(task.needs);
  const condition = task.of === "src" ? ["-C", "simdgrad-source"] : [];
  for (const [i, program] of task.programs.entries()) {
    const last = i === task.programs.length - 1;
    const options = [...condition, "--import", "tsx", program, ...(last ? args : [])];
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    const { status } = spawnSync(process.execPath, options, { cwd, stdio: "inherit" });
    if (status !== 0) process.exit(status ?? 1);
  }
}
