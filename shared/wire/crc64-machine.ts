// The inner loop of CRC-64 as a WebAssembly module, which has the 64-bit integers that JavaScript
// lacks and takes sixteen bytes at a time: more than twice as fast for large bodies. The module is
// written out here instruction by instruction, for it is shorter than any tool that could make it.

/** Bytes that are looked up at once, each in a table of its own. */
export const MACHINE_STRIDE = 16;

const TABLES = 0;
const REGISTER = MACHINE_STRIDE * 256 * 8;
const ROOM = REGISTER + 8;
const PAGES = 4;
const PAGE = 64 * 1024;

/** Takes bytes into a register of 64 bits, which is given and handed back as two halves. */
export interface Crc64Machine {
  /** Its low half, then its high one. */
  readonly register: Int32Array;
  update(bytes: Uint8Array): void;
}

/** What is used of it: the types of Node do not have it. */
interface Assembly {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly update: (at: number, end: number) => void } };
}

/** Nothing where there is no WebAssembly, or a page may not use it. */
export function crc64Machine(low: Uint32Array, high: Uint32Array): Crc64Machine | undefined {
  const { WebAssembly } = globalThis as { readonly WebAssembly?: Assembly };
  if (!WebAssembly) return undefined;
  try {
    const memory = new WebAssembly.Memory({ initial: PAGES });
    const module = new WebAssembly.Module(Uint8Array.from(MODULE));
    const { update } = new WebAssembly.Instance(module, { '': { memory } }).exports;
    const tables = new Uint32Array(memory.buffer, TABLES, 2 * low.length);
    for (let entry = 0; entry < low.length; entry++) {
      tables[2 * entry] = low[entry] ?? 0;
      tables[2 * entry + 1] = high[entry] ?? 0;
    }
    const room = new Uint8Array(memory.buffer, ROOM, PAGES * PAGE - ROOM);
    return {
      register: new Int32Array(memory.buffer, REGISTER, 2),
      update(bytes) {
        for (let at = 0; at < bytes.length; at += room.length) {
          const piece = bytes.subarray(at, at + room.length);
          room.set(piece);
          update(ROOM, ROOM + piece.length);
        }
      },
    };
  } catch {
    return undefined;
  }
}

type Code = readonly number[];

/** A number in groups of seven bits, the lowest first; the last group carries the sign. */
function number(value: number): Code {
  const group = value & 0x7f;
  const rest = value >> 7;
  const isLast = (rest === 0 && group < 0x40) || (rest === -1 && group >= 0x40);
  return isLast ? [group] : [group | 0x80, ...number(rest)];
}

/** A length or an offset, which have no sign. */
function size(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...size(value >>> 7)];
}

const I32 = 0x7f;
const I64 = 0x7e;
const NOTHING = 0x40;
const END = 0x0b;

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const i32 = (value: number): Code => [0x41, ...number(value)];
const i64 = (value: number): Code => [0x42, ...number(value)];
const load64 = (offset: number): Code => [0x29, 3, ...size(offset)];
const load8 = (offset: number): Code => [0x31, 0, ...size(offset)];
const store64 = (offset: number): Code => [0x37, 3, ...size(offset)];
const ADD_32 = 0x6a;
const AND_32 = 0x71;
const SHIFT_LEFT_32 = 0x74;
const AT_MOST_32 = 0x4d;
const BELOW_32 = 0x49;
const LOW_HALF = 0xa7;
const XOR_64 = 0x85;
const SHIFT_RIGHT_64 = 0x88;

// The parameters and variables of `update`.
const AT = 0;
const LAST = 1;
const REGISTER_NOW = 2;
const FIRST = 3;
const SECOND = 4;

/** What the table for a byte with so many behind it says of one byte of a variable. */
function lookup(variable: number, byte: number, behind: number): Code {
  const shifted = [...get(variable), ...i64(8 * byte), SHIFT_RIGHT_64];
  const index = [...shifted, LOW_HALF, ...i32(255), AND_32, ...i32(3), SHIFT_LEFT_32];
  return [...index, ...load64(TABLES + behind * 256 * 8)];
}

/** Runs `body` and moves on by `step` again and again, as long as there are so many bytes left. */
function whileLeft(step: number, goesOn: Code, body: Code): Code {
  const move = [...get(AT), ...i32(step), ADD_32, ...set(AT)];
  const again = [0x0c, 1];
  return [0x03, NOTHING, ...goesOn, 0x04, NOTHING, ...body, ...move, ...again, END, END];
}

const lookups = Array.from({ length: MACHINE_STRIDE }, (_, byte) => [
  ...lookup(byte < 8 ? FIRST : SECOND, byte % 8, MACHINE_STRIDE - 1 - byte),
  ...(byte === 0 ? [] : [XOR_64]),
]).flat();

const CODE = [
  ...[...i32(0), ...load64(REGISTER), ...set(REGISTER_NOW)],
  ...whileLeft(
    MACHINE_STRIDE,
    [...get(AT), ...i32(MACHINE_STRIDE), ADD_32, ...get(LAST), AT_MOST_32],
    [
      ...[...get(AT), ...load64(0), ...get(REGISTER_NOW), XOR_64, ...set(FIRST)],
      ...[...get(AT), ...load64(8), ...set(SECOND)],
      ...[...lookups, ...set(REGISTER_NOW)],
    ],
  ),
  ...whileLeft(
    1,
    [...get(AT), ...get(LAST), BELOW_32],
    [
      ...[...get(AT), ...load8(0), ...get(REGISTER_NOW), XOR_64, ...set(FIRST)],
      ...[...lookup(FIRST, 0, 0), ...get(REGISTER_NOW), ...i64(8), SHIFT_RIGHT_64, XOR_64],
      ...set(REGISTER_NOW),
    ],
  ),
  ...[...i32(0), ...get(REGISTER_NOW), ...store64(REGISTER), END],
];

const list = (...entries: readonly Code[]): Code => [...size(entries.length), ...entries.flat()];
const sized = (code: Code): Code => [...size(code.length), ...code];
const name = (text: string): Code => sized([...text].map((letter) => letter.charCodeAt(0)));

const MODULE = [
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, ...sized(list([0x60, ...list([I32], [I32]), ...list()]))],
  ...[2, ...sized(list([...name(''), ...name('memory'), 2, 0, PAGES]))],
  ...[3, ...sized(list([0]))],
  ...[7, ...sized(list([...name('update'), 0, 0]))],
  ...[10, ...sized(list(sized([...list([3, I64]), ...CODE])))],
];
