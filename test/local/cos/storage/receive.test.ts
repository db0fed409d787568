import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { receive } from '../../../../local/cos/storage/receive.ts';
import { md5 } from './helpers.ts';

const PIECE = 64 * 1024;

test('no more of a body is taken in than what one write holds and the next will', async () => {
  let taken = 0;
  let written = 0;
  const body = (async function* () {
    for (let piece = 0; piece < 100; piece++) {
      taken += PIECE;
      yield Buffer.alloc(PIECE, piece);
    }
  })();
  let letOn = () => {};
  const sink = {
    async write(pieces: readonly Uint8Array[]) {
      await new Promise<void>((resolve) => {
        letOn = resolve;
      });
      for (const piece of pieces) written += piece.length;
    },
    finish: async () => {},
    abandon: async () => {},
  };

  let most = 0;
  let done = false;
  const received = receive(body, {}, { begin: async () => [sink, 'place'] as const });
  void received.then(() => {
    done = true;
  });
  while (!done) {
    for (let turns = 0; turns < 20; turns++) await turn();
    most = Math.max(most, taken - written);
    letOn();
  }

  expect(await received).toMatchObject({ place: 'place', size: 100 * PIECE });
  expect(written).toBe(100 * PIECE);
  expect(most).toBeLessThanOrEqual(1024 * 1024 + PIECE);
});

test('a body whose target fails gives the target back and passes the failure on', async () => {
  const calls: string[] = [];
  const sink = {
    write: async () => {
      throw new Error('disk full');
    },
    finish: async () => void calls.push('finish'),
    abandon: async () => void calls.push('abandon'),
  };
  const body = Buffer.alloc(2_000_000);
  const target = { begin: async () => [sink, 'place'] as const };
  await expect(receive(body, {}, target)).rejects.toThrow('disk full');
  expect(calls).toEqual(['abandon']);
});

test('a stream that is refused stays open for whoever answers the client', async () => {
  const { Readable } = await import('node:stream');
  const stream = Readable.from(
    Array.from({ length: 50 }, () => Buffer.alloc(PIECE)),
    { objectMode: false },
  );
  const target = { keep: async () => 'place', begin: async () => Promise.reject(new Error('no')) };
  expect(await receive(stream, { maxSize: 100 }, target)).toEqual({ because: 'too-large' });
  expect(stream.destroyed).toBe(false);
  let rest = 0;
  stream.on('data', (piece: Buffer) => {
    rest += piece.length;
  });
  await new Promise((resolve) => stream.on('end', resolve));
  expect(rest).toBeGreaterThan(0);
});

test('a small body is kept in one go, whatever pieces it comes in', async () => {
  const kept: Uint8Array[] = [];
  const target = {
    keep: async (bytes: Uint8Array) => {
      kept.push(bytes);
      return 'place';
    },
    begin: async () => Promise.reject(new Error('not small')),
  };
  const body = (async function* () {
    yield Buffer.from('one ');
    yield Buffer.from('two');
  })();
  const received = await receive(body, {}, target);
  expect(Buffer.concat(kept).toString()).toBe('one two');
  expect('md5' in received && received.md5.digest('hex')).toBe(md5(Buffer.from('one two')));
});
