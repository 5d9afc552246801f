import { FileError } from "../../base/errors.js";
import { BitRows, FieldReader, TextList } from "../loading/fields.js";
import { ATTRIBUTES, type CelebAFiles, OP, PARTITION } from "./celeba-files.js";

/** The parts of CelebA; the list calls them 0, 1 and 2. */
export const SPLITS = ["train", "valid", "test"] as const;

/** The attributes of all images, [images, attributes]. */
export type AttributeList = { names: TextList; attributes: readonly string[]; values: BitRows };
/** The part that each image belongs to: an index of SPLITS. */
type PartitionList = { names: TextList; parts: Uint8Array };

const [ONE, MINUS, ZERO] = [49, 45, 48];

const wrongLine = (list: string, line: number, problem: string): FileError =>
  new FileError(OP, `${list}, line ${line}: ${problem}`, "Download the list again");

/** An upper bound of the number of lines. */
function countLines(bytes: Uint8Array): number {
  let lines = 1;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
}

/** Collects where in the bytes the names of images lie. */
class NamePlaces {
  count = 0;
  private readonly starts: Uint32Array;
  private readonly ends: Uint32Array;

  constructor(private readonly bytes: Uint8Array) {
    const most = countLines(bytes);
    this.starts = new Uint32Array(most);
    this.ends = new Uint32Array(most);
  }

  add({ start, end }: FieldReader): void {
    this.starts[this.count] = start;
    this.ends[this.count++] = end;
  }

  list(): TextList {
    return TextList.copy(this.bytes, this.starts.subarray(0, this.count), this.ends.subarray(0, this.count));
  }
}

/**
 * Reads list_attr_celeba.txt: a line with the number of images, one with the attributes' names, then for each image its
 * name and 1 or -1 for each attribute.
 */
export function parseAttributes(bytes: Uint8Array): AttributeList {
  const reader = new FieldReader(bytes);
  const first = reader.nextLine() ? reader.rest() : [];
  const count = Number(first[0]);
  if (first.length !== 1 || !Number.isInteger(count) || count < 0) {
    throw wrongLine(ATTRIBUTES, 1, `expected the number of images, got ${JSON.stringify(first.join(" "))}`);
  }
  const attributes = reader.nextLine() ? reader.rest() : [];
  const values = new BitRows(Math.min(count, countLines(bytes)), attributes.length);
  const places = new NamePlaces(bytes);
  while (reader.nextLine()) {
    reader.nextField();
    const row = places.count;
    places.add(reader);
    if (row < values.rows) readValues(reader, values, row, attributes);
  }
  if (places.count !== count) {
    const problem = `expected the ${count} images that line 1 announces, got lines for ${places.count}`;
    throw new FileError(OP, `${ATTRIBUTES}: ${problem}`, "Download the list again, or correct its first line");
  }
  return { names: places.list(), attributes, values };
}

function readValues(reader: FieldReader, values: BitRows, row: number, attributes: readonly string[]): void {
  const { bytes, line, start, end } = reader;
  let column = 0;
  for (; reader.nextField(); column++) {
    const yes = reader.end - reader.start === 1 && bytes[reader.start] === ONE;
    const no = reader.end - reader.start === 2 && bytes[reader.start] === MINUS && bytes[reader.start + 1] === ONE;
    if (!yes && !no && column < attributes.length) {
      throw wrongLine(ATTRIBUTES, line, `expected 1 or -1 for ${attributes[column]}, got ${reader.text()}`);
    }
    if (yes && column < attributes.length) values.set(row, column);
  }
  if (column !== attributes.length) {
    const name = new TextDecoder().decode(bytes.subarray(start, end));
    const problem = `expected a value for each of the ${attributes.length} attributes that line 2 names`;
    throw wrongLine(ATTRIBUTES, line, `${problem}, got ${column} for ${name}`);
  }
}

/** Reads list_eval_partition.txt: for each image its name and 0 (train), 1 (valid) or 2 (test). */
export function parsePartition(bytes: Uint8Array): PartitionList {
  const reader = new FieldReader(bytes);
  const places = new NamePlaces(bytes);
  const parts = new Uint8Array(countLines(bytes));
  while (reader.nextLine()) {
    reader.nextField();
    const row = places.count;
    places.add(reader);
    const whole = reader.nextField() && reader.end - reader.start === 1;
    const part = whole ? bytes[reader.start]! - ZERO : -1;
    if (part < 0 || part >= SPLITS.length || reader.nextField()) {
      const got = new TextDecoder().decode(bytes.subarray(reader.start, reader.end));
      throw wrongLine(PARTITION, reader.line, `expected a name and 0, 1 or 2, got ${JSON.stringify(got)}`);
    }
    parts[row] = part;
  }
  return { names: places.list(), parts: parts.slice(0, places.count) };
}

/** The part of each image, in the order of the attribute list. Both lists must name the same images. */
export function alignPartition({ names }: AttributeList, partition: PartitionList): Uint8Array {
  if (names.equals(partition.names)) return partition.parts;
  const rows = numbered(PARTITION, partition.names);
  const parts = new Uint8Array(names.length);
  const here: string[] = [];
  for (let i = 0; i < names.length; i++) {
    const name = names.at(i);
    const row = rows.get(name);
    if (row === undefined) here.push(name);
    else parts[i] = partition.parts[row]!;
    rows.delete(name);
  }
  checkEqual([ATTRIBUTES, here], [PARTITION, [...rows.keys()]]);
  return parts;
}

/** Throws unless the list and the folder name the same images. The folder may hold files that are not pictures. */
export function checkFolder({ names: wanted }: AttributeList, { tree, images, names }: CelebAFiles): void {
  const listed = numbered(ATTRIBUTES, wanted);
  const extra = names.filter((name) => !listed.delete(name) && /\.(jpe?g|png)$/i.test(name));
  checkEqual([ATTRIBUTES, [...listed.keys()]], [tree.nameOf(images), extra]);
}

/** The row of each name. Throws for a name that the list has twice. */
function numbered(list: string, names: TextList): Map<string, number> {
  const rows = new Map<string, number>();
  for (let i = 0; i < names.length; i++) {
    const name = names.at(i);
    if (rows.has(name)) throw new FileError(OP, `${list}: expected every image once, got ${name} twice`);
    rows.set(name, i);
  }
  return rows;
}

type Side = [where: string, only: readonly string[]];

function checkEqual(...sides: [Side, Side]): void {
  const differences = sides.filter(([, only]) => only.length > 0);
  if (differences.length === 0) return;
  const got = differences.map(([where, only]) => {
    const more = only.length > 3 ? ", …" : "";
    return `${only.length} that only ${where} has (${only.slice(0, 3).join(", ")}${more})`;
  });
  const [a, b] = sides.map(([where]) => where);
  const problem = `expected ${a} and ${b} to name the same images, got ${got.join(" and ")}`;
  throw new FileError(OP, problem, "Unpack the images again, or take the surplus lines out of both lists");
}
