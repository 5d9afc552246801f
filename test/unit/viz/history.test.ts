import fc from "fast-check";
import { tensor } from "simdgrad";
import { History } from "simdgrad/viz";
import { describe, expect, it } from "vitest";

function two(): History {
  const history = new History({ stepName: "epoch" });
  history.log(0, { trainLoss: 0.7, validLoss: 0.8 });
  history.log(1, { trainLoss: tensor([0.5]) });
  history.log(2, { trainLoss: Number.NaN, validLoss: Infinity });
  return history;
}

describe("a history", () => {
  it("has each metric with the steps at which it was logged", () => {
    const history = two();
    expect(history.names).toEqual(["trainLoss", "validLoss"]);
    expect(history.get("trainLoss")).toEqual({
      name: "trainLoss",
      steps: [0, 1, 2],
      values: [0.7, 0.5, Number.NaN],
      stepName: "epoch",
    });
    expect(history.get("validLoss").steps).toEqual([0, 2]);
  });

  it("adds to a step that is there", () => {
    const history = two();
    history.log(1, { validLoss: 0.6, trainLoss: 0.4 });
    expect(history.get("trainLoss").values).toEqual([0.7, 0.4, Number.NaN]);
    expect(history.get("validLoss").steps).toEqual([0, 1, 2]);
  });

  it("puts steps of several numbers on one axis", () => {
    const history = new History();
    for (const step of [
      [0, 0],
      [0, 3],
      [1, 0],
      [1, 2],
    ])
      history.log(step, { loss: 1 });
    expect(history.get("loss").steps).toEqual([0, 0.75, 1, 1.5]);
    expect(history.progress()).toBe("step 1:2  loss 1");
  });

  it("says the last step in a line", () => {
    expect(new History().progress()).toBe("");
    expect(two().progress()).toBe("epoch 2  trainLoss NaN  validLoss Infinity");
    const history = new History();
    history.log(10, { trainLoss: 0.43214, rate: 1e-5, images: 60000, huge: 1.5e20 });
    expect(history.progress()).toBe("step 10  trainLoss 0.4321  rate 1.000e-5  images 60000  huge 1.500e+20");
  });

  it("is empty for any name before the first step, and refuses unknown names after it", () => {
    expect(new History().get("loss").values).toEqual([]);
    expect(() => two().get("loss")).toThrow('History.get: expected one of "trainLoss", "validLoss", got "loss"');
  });

  it("refuses other steps and values, and logs nothing then", () => {
    const history = two();
    expect(() => history.log([3, 1], { a: 1 })).toThrow("expected a step of 1 finite numbers, as before, got 3,1");
    expect(() => history.log(Number.NaN, { a: 1 })).toThrow("got NaN");
    expect(() => history.log(3, { a: 1, b: tensor([1, 2]) })).toThrow("expected b as a number or a tensor of one");
    expect(history.names).toEqual(["trainLoss", "validLoss"]);
    expect(history.get("trainLoss").steps).toEqual([0, 1, 2]);
  });
});

describe("a history in a file", () => {
  it("is a table", () => {
    const csv = "epoch,trainLoss,validLoss\r\n0,0.7,0.8\r\n1,0.5,\r\n2,NaN,Infinity\r\n";
    expect(two().toCSV()).toBe(csv);
    expect(History.fromCSV(csv).toCSV()).toBe(csv);
    expect(History.fromCSV(csv.replaceAll("\r\n", "\n")).toCSV()).toBe(csv);
  });

  it("quotes names that would not be read as they are", () => {
    const odd = new History({ stepName: "\ufeffstep" });
    odd.log(0, { 'a,"b"\n': 1, "": 2, "\ufeff": 3 });
    const csv = '"\ufeffstep","a,""b""\n","","\ufeff"\r\n0,1,2,3\r\n';
    expect(odd.toCSV()).toBe(csv);
    expect(History.fromCSV(csv).toJSON()).toEqual(odd.toJSON());
    expect(History.fromCSV(`\ufeff${csv}`).toJSON()).toEqual(odd.toJSON());
    const nameless = new History({ stepName: "" });
    nameless.log(3, {});
    expect(nameless.toCSV()).toBe('""\r\n3\r\n');
    expect(History.fromCSV('""\r\n\r\n3\r\n').toJSON()).toEqual(nameless.toJSON());
  });

  it("takes a table of a spreadsheet, and refuses what stands beside quotes", () => {
    expect(History.fromCSV("\ufeffepoch,a\r1,2\r").toJSON()).toEqual({
      stepName: "epoch",
      rows: [{ step: [1], values: { a: 2 } }],
    });
    expect(() => History.fromCSV('a,b\n1,"3"4')).toThrow("expected numbers in line 2, got");
  });

  it("refuses data that is no history's", () => {
    const rows = (row: unknown): History => History.fromJSON({ stepName: "step", rows: [row] } as never);
    for (const row of [null, {}, { step: [1] }, { step: [1], values: { a: null } }, { step: 1, values: { a: "x" } }]) {
      expect(() => rows(row)).toThrow(`expected rows of { step, values } with numbers, got ${JSON.stringify(row)}`);
    }
    expect(() => new History({ name: "epoch" } as never)).toThrow("History: expected options of stepName, got name");
    expect(() => two().log(undefined as never, {})).toThrow("expected a step of 1 finite numbers");
    expect(() => two().log(3, tensor(1) as never)).toThrow("History.log: expected numbers by name");
  });

  it("says what is wrong with a table", () => {
    expect(() => History.fromCSV("")).toThrow("History.fromCSV: expected a line of names, got an empty text");
    expect(() => History.fromCSV("a,b\n1,2\n1")).toThrow("expected 2 cells in line 3, got 1");
    expect(() => History.fromCSV("a,b\n1,two")).toThrow('expected numbers in line 2, got "two"');
  });

  it("says what is wrong with JSON", () => {
    expect(() => History.fromJSON("{")).toThrow("History.fromJSON: cannot read the text");
    expect(() => History.fromJSON("[]")).toThrow("expected { stepName, rows }");
  });

  const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity));
  const names = fc.uniqueArray(
    fc.string({ maxLength: 5 }).filter((name) => name !== "__proto__"),
    {
      minLength: 1,
      maxLength: 4,
    },
  );
  it("comes back as it was, whatever was logged", () => {
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.tuple(fc.nat(1000), fc.array(number, { maxLength: 4 })), { minLength: 1, maxLength: 8 }),
        (metrics, parts, rows) => {
          const history = new History({ stepName: "step" });
          for (const [i, [at, values]] of rows.entries()) {
            const step = [i, at, at].slice(0, parts);
            history.log(step, Object.fromEntries(values.map((value, k) => [metrics[k % metrics.length]!, value])));
          }
          const json = History.fromJSON(JSON.stringify(history));
          const csv = History.fromCSV(history.toCSV());
          for (const name of history.names) {
            const { steps, values } = history.get(name);
            const plain = values.map((value) => value + 0); // the files have no −0
            for (const other of [json, csv]) {
              expect(other.get(name).steps).toEqual(steps);
              expect(other.get(name).values.map((value) => value + 0)).toEqual(plain);
            }
          }
        },
      ),
    );
  });
});
