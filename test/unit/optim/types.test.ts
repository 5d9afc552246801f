import { nn, optim } from "simdgrad";
import { expect, it } from "vitest";

it("SGD's types ask for a learning rate, as SGD does", () => {
  const params = new nn.Linear(2, 1).parameters();
  // @ts-expect-error no learning rate
  expect(() => new optim.SGD(params)).toThrow("expected a lr");
  // @ts-expect-error no learning rate
  expect(() => new optim.SGD(params, {})).toThrow("expected a lr");
  // @ts-expect-error no learning rate
  expect(() => new optim.SGD(params, { momentum: 0.9 })).toThrow("expected a lr");
  // @ts-expect-error no learning rate
  expect(() => new optim.SGD({ params })).toThrow("expected a lr");
  // @ts-expect-error no learning rate in one of the groups
  expect(() => new optim.SGD([{ params: params.slice(1) }, { params: params.slice(0, 1), lr: 1 }])).toThrow("lr");
  // @ts-expect-error no such option
  expect(() => new optim.SGD(params, { lr: 0.1, momentun: 0.9 })).toThrow("Use momentum");
  // @ts-expect-error a word
  expect(() => new optim.SGD(params, { lr: "0.1" })).toThrow("expected lr to be a number");
  const made = [
    new optim.SGD(params, 0.1),
    new optim.SGD(params, 0.1, 0.9),
    new optim.SGD(params, 0.1, { momentum: 0.9 }),
    new optim.SGD(params, 0.1, 0.9, 0, 0, true, { maximize: true }),
    new optim.SGD(params, { lr: 0.1, nesterov: true, momentum: 0.9 }),
    new optim.SGD({ params, lr: 0.1 }),
    new optim.SGD([{ params }], 0.1),
    new optim.SGD([{ params, lr: 0.1 }]),
    new optim.SGD([{ params, lr: 0.1 }], { momentum: 0.9 }),
  ];
  expect(made.map(({ paramGroups: [group] }) => group!.lr)).toEqual(made.map(() => 0.1));
});
