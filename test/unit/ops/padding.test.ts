import { nn, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";

const plane = tensor([[[1, 2, 3]], [[4, 5, 6]]]); // [2, 1, 3]

describe("padding layers", () => {
  it("pad the last dims", () => {
    expect(new nn.ZeroPad2d(1).forward(plane).shape).toEqual([2, 3, 5]);
    expect(new nn.ZeroPad2d([1, 0, 0, 1]).forward(tensor([[1, 2]])).toArray()).toEqual([
      [0, 1, 2],
      [0, 0, 0],
    ]);
    expect(new nn.ConstantPad1d([1, 2], 3.5).forward(tensor([1])).toArray()).toEqual([3.5, 1, 3.5, 3.5]);
    expect(new nn.ConstantPad2d([-1, 0, 1, 0], 9).forward(tensor([[1, 2]])).toArray()).toEqual([[9], [2]]);
    expect(new nn.ReflectionPad1d(1).forward(tensor([[1, 2, 3]])).toArray()).toEqual([[2, 1, 2, 3, 2]]);
    expect(new nn.ReflectionPad2d([2, 0, 0, 0]).forward(plane).toArray()).toEqual([
      [[3, 2, 1, 2, 3]],
      [[6, 5, 4, 5, 6]],
    ]);
    expect(new nn.ReplicationPad1d([2, 0]).forward(tensor([[1, 2]])).toArray()).toEqual([[1, 1, 1, 2]]);
    expect(new nn.ReplicationPad2d([0, 1, 1, 0]).forward(tensor([[[1, 2]]])).toArray()).toEqual([
      [
        [1, 2, 2],
        [1, 2, 2],
      ],
    ]);
  });

  it("print as in PyTorch", () => {
    const layers = [
      new nn.ZeroPad2d([1, 2, 3, 4]),
      new nn.ConstantPad1d(2, 3.5),
      new nn.ConstantPad2d([1, 2, 3, 4], 3),
      new nn.ReflectionPad1d(2),
      new nn.ReflectionPad2d(1),
      new nn.ReplicationPad1d([2, 1]),
      new nn.ReplicationPad2d(1),
    ];
    expect(layers.map(String)).toEqual([
      "ZeroPad2d((1, 2, 3, 4))",
      "ConstantPad1d(padding=(2, 2), value=3.5)",
      "ConstantPad2d(padding=(1, 2, 3, 4), value=3)",
      "ReflectionPad1d((2, 2))",
      "ReflectionPad2d((1, 1, 1, 1))",
      "ReplicationPad1d((2, 1))",
      "ReplicationPad2d((1, 1, 1, 1))",
    ]);
  });

  it("refuse what is no padding", () => {
    expect(() => new nn.ZeroPad2d([1, 1])).toThrow("ZeroPad2d: expected a whole number or 4 of them, got [1, 1]");
    expect(() => new nn.ReflectionPad1d(1.5)).toThrow("ReflectionPad1d: expected a whole number or 2 of them, got 1.5");
    expect(() => Reflect.construct(nn.ConstantPad1d, [1])).toThrow(
      "ConstantPad1d: expected ConstantPad1d(padding, value), got no value",
    );
  });
});
