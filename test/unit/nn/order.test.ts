import { transformSync } from "esbuild";
import { nn, ones } from "simdgrad";
import { describe, expect, it } from "vitest";

/** Compiles a class with TypeScript's define semantics of fields, or with assignments, and makes an object of it. */
function made(source: string, useDefineForClassFields: boolean, ...args: unknown[]): nn.Module {
  const { code } = transformSync(source, {
    loader: "ts",
    target: "es2022",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields } },
  });
  const build = new Function("nn", "ones", `${code}\nreturn Net;`);
  return Reflect.construct(build(nn, ones), args);
}

const keys = (module: nn.Module): string[] => Object.keys(module.stateDict());

const DECLARED = `
class Net extends nn.Module {
  last: nn.Linear;
  scale: nn.Parameter;
  first: nn.Linear;
  early = new nn.Linear(1, 1, { bias: false });
  none: nn.Linear | undefined;
  shift: nn.Parameter;

  constructor() {
    super();
    this.first = new nn.Linear(1, 1, { bias: false });
    this.shift = new nn.Parameter(ones(1));
    this.last = new nn.Linear(1, 1, { bias: false });
    this.scale = new nn.Parameter(ones(1));
  }

  forward(x) {
    return x;
  }
}`;

const GIVEN = `
class Net extends nn.Module {
  own: nn.Module;

  constructor(readonly second: nn.Module, readonly first: nn.Module) {
    super();
    this.own = new nn.Linear(1, 1, { bias: false });
  }

  forward(x) {
    return x;
  }
}`;

describe.each([true, false])("with useDefineForClassFields: %s", (define) => {
  it("parameters and modules stand in the order of assignment", () => {
    const net = made(DECLARED, define);
    const expected = ["shift", "scale", "early.weight", "first.weight", "last.weight"];
    expect(keys(net)).toEqual(expected);
    expect(net.namedParameters().map(([name]) => name)).toEqual(expected);
    expect(net.parameters()).toEqual(Object.keys(net.stateDict()).map((name) => net.getParameter(name)));
  });

  it("modules that are given stand before those that the constructor makes", () => {
    const first = new nn.Linear(1, 1, { bias: false });
    const net = made(GIVEN, define, new nn.Linear(1, 1, { bias: false }), first);
    expect(keys(net)).toEqual(["second.weight", "first.weight", "own.weight"]);
  });

  it("what takes another's place after a look stands in it", () => {
    const net = made(DECLARED, define);
    net.parameters();
    Object.assign(net, { first: new nn.Linear(2, 2), none: new nn.Linear(1, 1, { bias: false }) });
    expect(keys(net).slice(2)).toEqual(["early.weight", "first.weight", "first.bias", "last.weight", "none.weight"]);
  });
});
