import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../support/files.js";

/**
 * The result of `npm pack` (after `npm run build`), installed in an empty folder: it must import, train and have types.
 */
const tsc = join(root, "node_modules/typescript/bin/tsc");
const run = promisify(execFile);
const consumer = mkdtempSync(join(tmpdir(), "simdgrad-"));
const write = (name: string, text: string): void => writeFileSync(join(consumer, name), text);
let packed: string[] = [];
/** The most bytes of the core. Every page downloads them, so raise this limit only for a reason. */
const CORE_BYTES = 148_000;

/** The direct and indirect dependencies of a package. */
function dependencies(manifest: string): Set<string> {
  const { dependencies: direct = {} } = JSON.parse(readFileSync(join(root, manifest), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  const names = Object.keys(direct);
  return new Set([...names, ...names.flatMap((name) => [...dependencies(`node_modules/${name}/package.json`)])]);
}

beforeAll(async () => {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", consumer], {
    cwd: root,
  });
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  packed = files.map(({ path }) => path);
  await run("tar", ["xzf", filename], { cwd: consumer });
  cpSync(join(consumer, "package"), join(consumer, "node_modules/simdgrad"), { recursive: true });
  for (const name of dependencies("package.json")) {
    const path = `node_modules/${name}`;
    cpSync(join(root, path), join(consumer, path), { recursive: true, dereference: true });
  }
  write("package.json", '{ "type": "module" }');
});

afterAll(() => rmSync(consumer, { recursive: true, force: true }));

const TRAIN = `import { F, manualSeed, memory, nn, noGrad, optim, tensor } from "simdgrad";
import { makeMoons } from "simdgrad/data";
import "simdgrad/io";
import "simdgrad/synthetic";
import "simdgrad/viz";

manualSeed(0);
const net = new nn.Linear(2, 1);
const optimizer = new optim.SGD(net.parameters(), { lr: 0.01 });
const [points, labels] = makeMoons(16, { noise: 0.1, randomState: 0 });
const [x, y] = [tensor(points), tensor(labels).view(-1, 1)];
const losses = [];
for (let step = 0; step < 2; step++) {
  optimizer.zeroGrad();
  const loss = net.forward(x).sub(y).square().sum();
  loss.backward();
  optimizer.step();
  losses.push(loss.item());
}
`;

const DRAW = `import { nn } from "simdgrad";
import { buildGraph, linePlot } from "simdgrad/viz";
const picture = linePlot({ loss: [3, 2, 1] }, { title: "Loss" });
const png = await picture.png();
const graph = await buildGraph(new nn.Linear(2, 1), [5, 2]).svg();
console.log(picture.svg().includes(">Loss<") && graph.includes(">Linear<"), png[1] === 0x50);
`;

describe("the package", () => {
  it("holds what runs, its types and its documents, and nothing else", () => {
    const surplus = packed.filter(
      (path) =>
        !/^(dist\/.*\.(js|d\.ts|js\.map)|dist\/[fi]\d\d\.\w+\.wasm|docs\/.*\.md|[A-Z]+(\.md)?|package\.json)$/.test(
          path,
        ),
    );
    expect(surplus).toEqual([]);
    for (const entry of ["index", "data/index", "io/index", "synthetic/index", "viz/index", "relaxed/index"]) {
      expect(packed).toContain(`dist/${entry}.js`);
      expect(packed).toContain(`dist/${entry}.d.ts`);
    }
  });

  /** The files that an entry point reaches, and the packages that they import. */
  function reach(entry: string): { files: string[]; packages: string[] } {
    const found = new Set<string>();
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const [, a, b] of readFileSync(path, "utf8").matchAll(
        /\bfrom\s*"([^"\s]+)"|\bimport\s*\(?\s*"([^"\s]+)"/g,
      )) {
        const name = (a ?? b)!;
        if (name.startsWith(".")) visit(join(dirname(path), name));
        else found.add(name);
      }
    };
    visit(join(consumer, "node_modules/simdgrad/dist", entry));
    return { files: [...seen], packages: [...found].sort() };
  }
  const packagesOf = (entry: string): string[] => reach(entry).packages;

  it("loads libraries for files only where files are read, and for charts only where charts are drawn", () => {
    expect(packagesOf("index.js")).toEqual([]);
    expect(packagesOf("io/index.js")).toContain("@zip.js/zip.js");
    // dist/ contains ECharts and d3-contour: as packages they would be six hundred files to read
    const inSheet = ["simdgrad"]; // the import in code for users to copy
    expect(packagesOf("viz/index.js").filter((name) => !inSheet.includes(name))).toEqual(["@viz-js/viz", "fast-png"]);
    const withCharts = (entry: string): boolean =>
      reach(entry).files.some((path) =>
        readFileSync(path, "utf8").includes("// node_modules/echarts/lib/core/echarts.js"),
      );
    expect(withCharts("viz/index.js")).toBe(true);
    for (const entry of ["index.js", "data/index.js", "io/index.js", "synthetic/index.js", "relaxed/index.js"]) {
      expect(withCharts(entry)).toBe(false);
    }
  });

  it("is two files and the bundler's own, when only the core is imported", () => {
    const names = reach("index.js").files.map((path) => basename(path));
    expect(names).toEqual(["index.js", "core.js", "rolldown-runtime.js"]);
  });

  it("draws charts in plain Node, as SVG and as PNG", async () => {
    write("draw.js", DRAW);
    const { stdout } = await run(process.execPath, ["draw.js"], { cwd: consumer });
    expect(stdout.trim()).toBe("true true");
  });

  it("draws charts when bundled for any host", async () => {
    writeFileSync(join(consumer, "drawn.js"), await bundled(DRAW));
    const { stdout } = await run(process.execPath, ["drawn.js"], { cwd: consumer });
    expect(stdout.trim()).toBe("true true");
  });

  it("carries the drawings that stand in for data sets in their own entry only", () => {
    const drawings = (entry: string): string[] =>
      reach(entry).files.flatMap((path) => readFileSync(path, "utf8").match(/^\/\/ src\/synthetic\/.*/gm) ?? []);
    expect(drawings("synthetic/index.js").length).toBeGreaterThan(10);
    for (const entry of ["index.js", "data/index.js", "io/index.js", "viz/index.js"]) {
      expect(drawings(entry)).toEqual([]);
    }
  });

  it("carries the relaxed builds in their own entry only", () => {
    const carriers = (entry: string): string[] =>
      reach(entry)
        .files.filter((path) => /^\/\/ src\/relaxed\/binaries/m.test(readFileSync(path, "utf8")))
        .map((path) => basename(dirname(path)));
    expect(carriers("relaxed/index.js")).toEqual(["relaxed"]);
    for (const entry of ["index.js", "data/index.js", "io/index.js", "viz/index.js"]) {
      expect(carriers(entry)).toEqual([]);
    }
  });

  /** A program that uses the package, bundled by esbuild. */
  async function bundled(contents: string, format: "esm" | "cjs" = "esm"): Promise<Uint8Array> {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: consumer },
      bundle: true,
      minify: true,
      write: false,
      format,
      logLevel: "error", // no warnings about import.meta, which CommonJS lacks
      platform: "neutral",
      target: "es2022",
    });
    return outputFiles[0]!.contents;
  }

  it("stays small: the core with its Wasm, minified and gzipped", async () => {
    const whole = await bundled('export * from "simdgrad";');
    expect(gzipSync(whole, { level: 9 }).length).toBeLessThan(CORE_BYTES);
  });

  it("works when bundled into a program", async () => {
    const code = await bundled('import { tensor } from "simdgrad"; console.log(tensor([1, 2]).add(1).sum().item());');
    writeFileSync(join(consumer, "bundle.js"), code);
    const { stdout } = await run(process.execPath, ["bundle.js"], { cwd: consumer });
    expect(stdout.trim()).toBe("5");
  });

  it("works when bundled into a CommonJS program, and says where an error was made", async () => {
    const program = `import { tensor } from "simdgrad";
console.log(tensor([1, 2]).add(1).sum().item());
try { tensor([1, 2]).view(3); } catch (error) { console.log(error.name, /bundle.cjs/.test(error.stack)); }`;
    writeFileSync(join(consumer, "bundle.cjs"), await bundled(program, "cjs"));
    const { stdout } = await run(process.execPath, ["bundle.cjs"], { cwd: consumer });
    expect(stdout.trim().split("\n")).toEqual(["5", "ShapeError true"]);
  });

  it("reads binaries that lie beside it, and unpacks them where one is missing or cut off", async () => {
    write(
      "beside.js",
      `import fs from "node:fs";
const { readFileSync } = fs;
const sizes = [];
fs.readFileSync = (path) => {
  const bytes = readFileSync(path);
  if (String(path).endsWith(".wasm")) sizes.push(bytes.length);
  return bytes;
};
const { ones } = await import("simdgrad");
const sum = (dtype) => ones([2, 3], { dtype }).matmul(ones([3, 2], { dtype })).sum().item();
console.log(sum("float32"), sum("float64"), ones([2], { dtype: "int32" }).add(1).sum().item(), sizes.join());`,
    );
    const say = async (): Promise<string> => {
      const { stdout } = await run(process.execPath, ["beside.js"], { cwd: consumer });
      return stdout.trim();
    };
    const folder = join(consumer, "node_modules/simdgrad/dist");
    const sizeOf = (target: string): number => readFileSync(join(root, `build/${target}.wasm`)).length;
    const fileOf = (target: string): string => {
      const path = packed.find((name) => name.startsWith(`dist/${target}.`) && name.endsWith(".wasm"))!;
      return join(folder, basename(path));
    };
    const [f32, f64, i32] = ["f32", "f64", "i32"].map(sizeOf);
    expect(await say()).toBe(`12 12 4 ${f32},${f64},${i32}`);
    rmSync(fileOf("f32"));
    writeFileSync(fileOf("f64"), "cut off");
    expect(await say()).toBe(`12 12 4 7,${i32}`);
    for (const target of ["f32", "f64"]) cpSync(join(root, `build/${target}.wasm`), fileOf(target));
  });

  it("trains a step in plain Node", async () => {
    write("train.js", `${TRAIN}console.log(losses[1] < losses[0]);\n`);
    const { stdout } = await run(process.execPath, ["train.js"], { cwd: consumer });
    expect(stdout.trim()).toBe("true");
  });

  it("keeps the names of classes, which modules print", async () => {
    const renamed = `import { nn, optim } from "simdgrad";
const classes = [nn, optim].flatMap(Object.entries).filter(([, value]) => /^class/.test(String(value)));
console.log(classes.length > 40, classes.filter(([name, value]) => value.name !== name && name !== "Module").length);`;
    write("names.js", renamed);
    const { stdout } = await run(process.execPath, ["names.js"], { cwd: consumer });
    expect(stdout.trim()).toBe("true 0");
  });

  it.each([
    ["nodenext", "nodenext"],
    ["bundler", "esnext"],
  ])("has types under strict TypeScript, %s", async (moduleResolution, module) => {
    const typed = TRAIN.replace("const losses = [];", "const losses: number[] = [];");
    write(
      "train.ts",
      `${typed}const step = scope();\nconst shape: readonly number[] = x.shape;\nconsole.log(F, memory, noGrad, tensor, shape, losses, step);\n`.replace(
        "{ F,",
        "{ F, scope,",
      ),
    );
    const options = ["--strict", "--skipLibCheck", "false", "--noEmit", "--target", "es2022", "--module", module];
    const lib = ["--lib", "es2022,dom", "--moduleResolution", moduleResolution, "--types", ""];
    const { stdout } = await run(process.execPath, [tsc, ...options, ...lib, "train.ts"], { cwd: consumer }).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe("");
  });
});
