import { spawnSync } from "node:child_process";

/**
 * Runs a script in a Python with PyTorch: the one in the environment variable PYTHON, or /usr/bin/python3. Returns the
 * output of the script, or undefined without such a Python. Throws if the script fails.
 */
export function inTorch(script: string, ...args: string[]): string | undefined {
  const marked = `
import sys
try:
    import torch
except ImportError:
    sys.exit(${NO_TORCH})
${script}`;
  for (const python of [process.env.PYTHON, "/usr/bin/python3"]) {
    if (python === undefined || python === "") continue;
    const { error, status, stdout, stderr } = spawnSync(python, ["-c", marked, ...args], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (error !== undefined || status === NO_TORCH) continue;
    if (status !== 0) throw new Error(`${python} ended with ${status}: ${stderr}`);
    return stdout;
  }
  return undefined;
}

/** The exit code of a Python without PyTorch. */
const NO_TORCH = 86;
