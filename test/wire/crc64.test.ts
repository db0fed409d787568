import { assert, integer, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Crc64, combineCrc64, crc64 } from '../../shared/wire/crc64.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** One bit at a time, as the definition has it. */
function byDefinition(input: Uint8Array, previous = '0'): string {
  let register = BigInt(previous) ^ 0xffffffffffffffffn;
  for (const byte of input) {
    register ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) {
      register = register & 1n ? (register >> 1n) ^ 0xc96c5795d7870f42n : register >> 1n;
    }
  }
  return (register ^ 0xffffffffffffffffn).toString();
}

describe('the checksum of an object', () => {
  test.for([
    ['', '0'],
    ['123456789', '11051210869376104954'],
    ['[Object Content]', '16749565679157681890'],
    ['hello', '11177612005948864433'],
  ] as const)('of "%s" is %s', ([text, checksum]) => {
    expect(crc64(bytes(text))).toBe(checksum);
  });

  test('is the one of its definition, at every length and offset in memory', () => {
    assert(
      property(uint8Array({ maxLength: 100 }), integer({ min: 0, max: 9 }), (input, from) => {
        expect(crc64(input.subarray(from))).toBe(byDefinition(input.subarray(from)));
      }),
    );
  });

  test('is the one of its definition for long bodies of any length', () => {
    const long = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7919 + (at >> 8)) & 255);
    let register = '0';
    let known = 0;
    for (const length of [2047, 2048, 2049, 2063, 2064, 5000, 229_367, 229_368, 229_369, 300_000]) {
      register = byDefinition(long.subarray(known, length), register);
      known = length;
      expect(crc64(long.subarray(0, length)), `${length} bytes`).toBe(register);
    }
    const cut = new Crc64();
    for (let at = 0; at < long.length; at += 2999) cut.update(long.subarray(at, at + 2999));
    expect(cut.digest()).toBe(register);
  });

  test('does not depend on how a stream was cut into chunks', () => {
    assert(
      property(uint8Array({ maxLength: 200 }), integer({ min: 0, max: 200 }), (input, cut) => {
        const stream = new Crc64().update(input.subarray(0, cut)).update(input.subarray(cut));
        expect(stream.digest()).toBe(crc64(input));
      }),
    );
  });

  test('can be asked for while more is to come', () => {
    const stream = new Crc64().update(bytes('12345'));
    expect(stream.digest()).toBe(crc64(bytes('12345')));
    expect(stream.update(bytes('6789')).digest()).toBe('11051210869376104954');
  });

  test('goes on from the one before when bytes are appended', () => {
    expect(crc64(bytes('6789'), crc64(bytes('12345')))).toBe('11051210869376104954');
  });
});

describe('the checksum of an object made of parts', () => {
  test('is made of those of its parts', () => {
    assert(
      property(uint8Array({ maxLength: 2000 }), integer({ min: 0, max: 2000 }), (input, cut) => {
        const first = input.subarray(0, cut);
        const second = input.subarray(cut);
        expect(combineCrc64(crc64(first), crc64(second), second.length)).toBe(crc64(input));
      }),
    );
  });

  test('is right when the second part is 6 GB of zeros', () => {
    const sixGB = 6 * 2 ** 30;
    expect(combineCrc64(crc64(bytes('start')), '10061305522827608349', sixGB)).toBe(
      '7445363055430409678',
    );
  });

  test.for([-1, 0.5, Number.NaN, 2 ** 53])('a length of %s is refused', (length) => {
    expect(() => combineCrc64('1', '2', length)).toThrow(RangeError);
  });
});
