// CRC-64/XZ, the checksum COS sends as x-cos-hash-crc64ecma and some SDKs compare by default.
// JavaScript has no fast 64-bit integers, so every value is two halves of 32 bits, and eight bytes
// are looked up at a time. What is longer is left to a machine that has them.

import { type Crc64Machine, crc64Machine, MACHINE_STRIDE } from './crc64-machine.ts';

const POLYNOMIAL_HIGH = 0xc96c5795;
const POLYNOMIAL_LOW = 0xd7870f42;
const STRIDE = 8;
const NOTHING = '0';

// Entry 256 * n + b is what byte b does to the register when n more bytes follow it in its stride.
const LOW = new Uint32Array(MACHINE_STRIDE * 256);
const HIGH = new Uint32Array(MACHINE_STRIDE * 256);
for (let entry = 0; entry < LOW.length; entry++) {
  if (entry < 256) {
    let high = 0;
    let low = entry;
    for (let bit = 0; bit < 8; bit++) {
      const carry = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (carry) {
        low ^= POLYNOMIAL_LOW;
        high ^= POLYNOMIAL_HIGH;
      }
    }
    LOW[entry] = low;
    HIGH[entry] = high;
  } else {
    const low = LOW[entry - 256] ?? 0;
    const high = HIGH[entry - 256] ?? 0;
    LOW[entry] = ((low >>> 8) | (high << 24)) ^ (LOW[low & 255] ?? 0);
    HIGH[entry] = (high >>> 8) ^ (HIGH[low & 255] ?? 0);
  }
}

/** Where the way into the machine pays. */
const LONG = 2048;
/** Made when the first long piece comes. */
let machine: Crc64Machine | false | undefined;

/** The checksum of a stream, as far as it was read. */
export class Crc64 {
  #high: number;
  #low: number;

  /** Goes on from the checksum of what came before, for bytes that are appended. */
  constructor(previous: string = NOTHING) {
    const { high, low } = read(previous);
    this.#high = ~high;
    this.#low = ~low;
  }

  update(bytes: Uint8Array): this {
    const { length } = bytes;
    if (length >= LONG) machine ??= crc64Machine(LOW, HIGH) ?? false;
    if (length >= LONG && machine) return this.#updateBy(machine, bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, length);
    let high = this.#high;
    let low = this.#low;
    let at = 0;
    for (const last = length - STRIDE; at <= last; at += STRIDE) {
      low ^= view.getInt32(at, true);
      high ^= view.getInt32(at + 4, true);
      const a = 1792 + (low & 255);
      const b = 1536 + ((low >>> 8) & 255);
      const c = 1280 + ((low >>> 16) & 255);
      const d = 1024 + (low >>> 24);
      const e = 768 + (high & 255);
      const f = 512 + ((high >>> 8) & 255);
      const g = 256 + ((high >>> 16) & 255);
      const h = high >>> 24;
      low = of(LOW, a) ^ of(LOW, b) ^ of(LOW, c) ^ of(LOW, d);
      low ^= of(LOW, e) ^ of(LOW, f) ^ of(LOW, g) ^ of(LOW, h);
      high = of(HIGH, a) ^ of(HIGH, b) ^ of(HIGH, c) ^ of(HIGH, d);
      high ^= of(HIGH, e) ^ of(HIGH, f) ^ of(HIGH, g) ^ of(HIGH, h);
    }
    for (; at < length; at++) {
      const byte = (low ^ view.getUint8(at)) & 255;
      low = ((low >>> 8) | (high << 24)) ^ of(LOW, byte);
      high = (high >>> 8) ^ of(HIGH, byte);
    }
    this.#high = high;
    this.#low = low;
    return this;
  }

  #updateBy({ register, update }: Crc64Machine, bytes: Uint8Array): this {
    register[0] = this.#low;
    register[1] = this.#high;
    update(bytes);
    this.#low = register[0];
    this.#high = register[1];
    return this;
  }

  /** As the header has it: an unsigned decimal number. More bytes may still follow. */
  digest(): string {
    return write(~this.#high, ~this.#low);
  }
}

/** The checksum of some bytes, or of what `previous` is the checksum of and these bytes after it. */
export function crc64(bytes: Uint8Array, previous?: string): string {
  return new Crc64(previous).update(bytes).digest();
}

/**
 * The checksum of two pieces one after the other, from their checksums and the length of the second:
 * this is how an object made of parts gets its checksum without being read again.
 */
export function combineCrc64(first: string, second: string, lengthOfSecond: number): string {
  if (!Number.isSafeInteger(lengthOfSecond) || lengthOfSecond < 0) {
    throw new RangeError(`A length is a whole number of bytes, got ${lengthOfSecond}`);
  }
  let moved = read(first);
  for (let bit = 0, rest = lengthOfSecond; rest > 0; bit++, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) moved = product(moved, byteShift(bit));
  }
  const { high, low } = read(second);
  return write(moved.high ^ high, moved.low ^ low);
}

/** A polynomial over GF(2) of degree below 64, its constant term in the top bit. */
interface Polynomial {
  readonly high: number;
  readonly low: number;
}

/** The product of two polynomials modulo the polynomial of the checksum. */
function product(one: Polynomial, other: Polynomial): Polynomial {
  let high = 0;
  let low = 0;
  let termHigh = other.high;
  let termLow = other.low;
  for (let bit = 0; bit < 64; bit++) {
    const half = bit < 32 ? one.high : one.low;
    if ((half >>> (31 - (bit & 31))) & 1) {
      high ^= termHigh;
      low ^= termLow;
    }
    const carry = termLow & 1;
    termLow = (termLow >>> 1) | (termHigh << 31);
    termHigh >>>= 1;
    if (carry) {
      termHigh ^= POLYNOMIAL_HIGH;
      termLow ^= POLYNOMIAL_LOW;
    }
  }
  return { high, low };
}

// Squared again and again from x^8, which moves a checksum along by one byte.
const byteShifts: Polynomial[] = [{ high: 1 << 23, low: 0 }];

/** What moves a checksum along by 2^`exponent` bytes. */
function byteShift(exponent: number): Polynomial {
  const known = byteShifts[exponent];
  if (known) return known;
  const root = byteShift(exponent - 1);
  const shift = product(root, root);
  byteShifts[exponent] = shift;
  return shift;
}

const of = (table: Uint32Array, index: number): number => table[index] ?? 0;

function read(decimal: string): Polynomial {
  const value = BigInt(decimal);
  return { high: Number((value >> 32n) & 0xffffffffn), low: Number(value & 0xffffffffn) };
}

function write(high: number, low: number): string {
  return ((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)).toString();
}
