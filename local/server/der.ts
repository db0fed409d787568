/** The few shapes of DER that a certificate is made of. A value is its bytes, tag and length included. */
export type Der = Buffer;

function tagged(tag: number, ...parts: readonly Uint8Array[]): Der {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

export const sequence = (...parts: readonly Der[]) => tagged(0x30, ...parts);
export const set = (...parts: readonly Der[]) => tagged(0x31, ...parts);
export const utf8 = (text: string) => tagged(0x0c, Buffer.from(text));
export const octets = (bytes: Uint8Array) => tagged(0x04, bytes);
export const truth = () => tagged(0x01, Buffer.from([0xff]));
/** `unused` bits at the end of the last byte carry nothing. */
export const bits = (bytes: Uint8Array, unused = 0) => tagged(0x03, Buffer.from([unused]), bytes);
/** A part that is told from its neighbours by a number instead of its kind. */
export const numbered = (number: number, ...parts: readonly Der[]) =>
  tagged(0xa0 | number, ...parts);
/** The same for bytes that hold no further parts. */
export const numberedBytes = (number: number, bytes: Uint8Array) => tagged(0x80 | number, bytes);

/** A leading zero keeps a number positive whose first bit is set. */
export function integer(bytes: Uint8Array): Der {
  return (bytes[0] ?? 0) & 0x80 ? tagged(0x02, Buffer.from([0]), bytes) : tagged(0x02, bytes);
}

/** `2.5.29.17` */
export function identifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return tagged(0x06, Buffer.from(bytes));
}

/** Years from 2050 on need the long form; both end with Z. */
export function moment(ms: number): Der {
  const text = `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return Number(text.slice(0, 4)) < 2050
    ? tagged(0x17, Buffer.from(text.slice(2)))
    : tagged(0x18, Buffer.from(text));
}
