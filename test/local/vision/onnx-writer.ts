import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A step of a graph: an operator of ONNX over named tensors. */
interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface Graph {
  /** A shape holds numbers, or names of what is not fixed. */
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly constants?: Readonly<
    Record<string, { readonly dims: readonly number[]; readonly values: readonly number[] }>
  >;
  readonly nodes: readonly Node[];
  /** Inputs that are bytes. */
  readonly bytes?: readonly string[];
}

const FLOAT = 1;
const UINT8 = 2;

/** A model as a file of ONNX (opset 13), for tests: what it answers can be worked out by hand. */
export function onnxModel({ inputs, outputs, constants = {}, nodes, bytes = [] }: Graph): Buffer {
  const graph = [
    ...nodes.map((node) => field(1, nodeOf(node))),
    field(2, text('graph')),
    ...Object.entries(constants).map(([name, { dims, values }]) =>
      field(5, [
        ...dims.flatMap((dim) => number(1, dim)),
        ...number(2, FLOAT),
        ...field(8, text(name)),
        ...field(9, [...new Uint8Array(Float32Array.from(values).buffer)]),
      ]),
    ),
    ...Object.entries(inputs).map(([name, shape]) =>
      field(11, valueInfo(name, shape, bytes.includes(name) ? UINT8 : FLOAT)),
    ),
    ...Object.entries(outputs).map(([name, shape]) => field(12, valueInfo(name, shape, FLOAT))),
  ].flat();
  return Buffer.from([...number(1, 8), ...field(8, number(2, 13)), ...field(7, graph)]);
}

/** Writes a model and the card beside it, and says where. */
export function writeModel(folder: string, name: string, model: Uint8Array, card: object): string {
  const file = join(folder, `${name}.onnx`);
  writeFileSync(file, model);
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(card));
  return file;
}

function nodeOf({ op, inputs, output, attributes = {} }: Node): number[] {
  return [
    ...inputs.flatMap((name) => field(1, text(name))),
    ...field(2, text(output)),
    ...field(4, text(op)),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      field(5, [
        ...field(1, text(name)),
        ...(typeof value === 'number'
          ? [...number(3, value), ...number(20, 2)]
          : [...value.flatMap((each) => number(8, each)), ...number(20, 7)]),
      ]),
    ),
  ];
}

function valueInfo(name: string, shape: readonly (number | string)[], type: number): number[] {
  const dims = shape.flatMap((dim) =>
    field(1, typeof dim === 'number' ? number(1, dim) : field(2, text(dim))),
  );
  return [...field(1, text(name)), ...field(2, field(1, [...number(1, type), ...field(2, dims)]))];
}

function text(value: string): number[] {
  return [...Buffer.from(value)];
}

function field(id: number, content: readonly number[]): number[] {
  return [...varint(id * 8 + 2), ...varint(content.length), ...content];
}

function number(id: number, value: number): number[] {
  return [...varint(id * 8), ...varint(value)];
}

/** Negative numbers are written as 64 bits. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}
