/** Writes ONNX models of one operation, with the small part of protobuf and onnx.proto that they need. */

type Bytes = number[];

function varint(value: number): Bytes {
  const bytes: Bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

const integer = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)];
/** A field that holds a message or a text, in chunks: tensors are too long for the spread operator. */
const chunk = (field: number, parts: readonly (Bytes | Uint8Array)[]): (Bytes | Uint8Array)[] => {
  const length = parts.reduce((n, part) => n + part.length, 0);
  return [[...varint(field * 8 + 2), ...varint(length)], ...parts];
};
const text = (field: number, value: string): (Bytes | Uint8Array)[] => chunk(field, [new TextEncoder().encode(value)]);

const TYPES = { float32: 1, int64: 7, float64: 11 } as const;
export type ElementType = keyof typeof TYPES;
export type Constant = { name: string; type: ElementType; shape: readonly number[]; data: ArrayBufferView };
export type Value = { name: string; type: ElementType; shape: readonly number[] };
export type Node = { op: string; inputs: readonly string[]; output: string; attributes?: Record<string, number> };

const constant = ({ name, type, shape, data }: Constant) =>
  chunk(5, [
    ...shape.map((size) => integer(1, size)),
    integer(2, TYPES[type]),
    ...text(8, name),
    ...chunk(9, [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]),
  ]);

function value(field: number, { name, type, shape }: Value) {
  const dims = shape.flatMap((size) => chunk(1, [integer(1, size)]));
  const tensorType = chunk(1, [integer(1, TYPES[type]), ...chunk(2, dims)]);
  return chunk(field, [...text(1, name), ...chunk(2, tensorType)]);
}

const INT_ATTRIBUTE = 2;
const node = ({ op, inputs, output, attributes = {} }: Node) =>
  chunk(1, [
    ...inputs.flatMap((name) => text(1, name)),
    ...text(2, output),
    ...text(4, op),
    ...Object.entries(attributes).flatMap(([name, number]) =>
      chunk(5, [...text(1, name), integer(3, number), integer(20, INT_ATTRIBUTE)]),
    ),
  ]);

/** The bytes of a model. */
export function model(graph: { nodes: Node[]; constants: Constant[]; inputs: Value[]; outputs: Value[] }): Uint8Array {
  const body = [
    ...graph.nodes.flatMap(node),
    ...text(2, "work"),
    ...graph.constants.flatMap(constant),
    ...graph.inputs.flatMap((each) => value(11, each)),
    ...graph.outputs.flatMap((each) => value(12, each)),
  ];
  const parts = [integer(1, 9), ...chunk(7, body), ...chunk(8, [integer(2, 20)])]; // IR 9, opset 20
  return Uint8Array.from(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
}
