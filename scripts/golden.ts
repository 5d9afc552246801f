/**
 * `npm run golden -- activation loss`: runs the rows of test/cases/<theme>.ts in PyTorch 1.13 and writes the results to
 * test/golden/ops/<theme>.json. Without a theme it runs all.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSION = "1.13";
const golden = fileURLToPath(new URL("../test/golden", import.meta.url));

/** Installs PyTorch on Debian 12, whose python3-torch is PyTorch 1.13.1. */
const INSTALL = "apt-get update && apt-get install -y --no-install-recommends python3-torch";

const USAGE = `usage: npm run golden -- [theme ...] [--docker]

  --docker   computes in a container of Debian 12, where PyTorch ${VERSION} is not at hand

PyTorch ${VERSION} is looked for in the Python that the environment variable PYTHON names, else in python3 and
/usr/bin/python3.`;

function refuse(problem: string, code = 1): never {
  console.error(problem);
  process.exit(code);
}

/** The version of PyTorch in a Python, or undefined. */
function torchOf(python: string): string | undefined {
  const { status, stdout } = spawnSync(python, ["-c", "import torch; print(torch.__version__)"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** A Python with PyTorch `VERSION`. */
function findPython(): string {
  const named = process.env.PYTHON;
  const candidates = named ? [named] : ["python3", "/usr/bin/python3"];
  const found = candidates.map((python) => ({ python, version: torchOf(python) }));
  const suitable = found.find(({ version }) => version === VERSION || version?.startsWith(`${VERSION}.`));
  if (suitable !== undefined) return suitable.python;
  const others = found.filter(({ version }) => version !== undefined);
  const got = others.map(({ python, version }) => `${python} has ${version}`).join(", ") || "none";
  return refuse(`golden: expected PyTorch ${VERSION} in ${candidates.join(" or ")}, got ${got}. Either
  on Debian 12: ${INSTALL}
  or elsewhere, in a container: npm run golden -- --docker <theme>
  or name another Python: PYTHON=path npm run golden -- <theme>`);
}

/** The command that reads cases and writes their golden values. */
function evaluation(docker: boolean): [command: string, args: string[]] {
  if (!docker) return [findPython(), [join(golden, "make_ops.py")]];
  if (spawnSync("docker", ["--version"]).status !== 0) refuse("golden: expected docker, got none. Install it");
  const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const program = `(${INSTALL}) < /dev/null >&2 && python3 /golden/make_ops.py && chown ${owner} /golden/ops/*.json`;
  return ["docker", ["run", "--rm", "-i", "-v", `${golden}:/golden`, "debian:12", "sh", "-c", program]];
}

const args = process.argv.slice(2);
if (args.includes("--help")) {
  console.log(USAGE);
  process.exit(0);
}
const docker = args.includes("--docker");
const asked = args.filter((argument) => argument !== "--docker");
const all = readdirSync(join(dirname(golden), "cases"))
  .map((file) => file.replace(/\.ts$/, ""))
  .filter((name) => name !== "themes");
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0)
  refuse(`golden: expected themes of ${all.join(", ")}, got ${unknown.join(", ")}\n\n${USAGE}`, 2);
const [command, options] = evaluation(docker);
const chosen = asked.length > 0 ? asked : all;
const { casesOf } = await import("./golden-cases.js"); // imported here because it loads the library
const { status } = spawnSync(command, options, { input: casesOf(chosen), stdio: ["pipe", "inherit", "inherit"] });
if (status !== 0) process.exit(1);
console.log(`test/golden/ops: ${chosen.join(", ")}`);
