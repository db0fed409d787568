import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendFile } from '../../../../local/cos/storage/send-file.ts';

const SIZE = 3_000_001;
let folder: string;
let bytes: Buffer;
let fd: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'darkroom-send-'));
  bytes = randomBytes(SIZE);
  writeFileSync(join(folder, 'large'), bytes);
  fd = openSync(join(folder, 'large'), 'r');
});

afterEach(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

/** Looks at a piece only when it is about to take the next one, as a slow connection does. */
class SlowSink extends Writable {
  readonly hash = createHash('sha1');
  size = 0;

  override async _write(piece: Buffer, _encoding: string, done: () => void): Promise<void> {
    await setTimeout(1);
    this.hash.update(piece);
    this.size += piece.length;
    done();
  }
}

test.for([
  ['all of it', { start: 0, end: SIZE - 1 }],
  ['its first byte', { start: 0, end: 0 }],
  ['its last byte', { start: SIZE - 1, end: SIZE - 1 }],
  ['one buffer of it', { start: 5, end: 256 * 1024 + 4 }],
  ['two buffers and a byte', { start: 0, end: 512 * 1024 }],
] as const)('sends %s', async ([, range]) => {
  const sink = new SlowSink();
  expect(await sendFile(fd, range, sink)).toBe(true);
  const wanted = createHash('sha1').update(bytes.subarray(range.start, range.end + 1));
  expect(sink.hash.digest('hex')).toBe(wanted.digest('hex'));
  expect(sink.writableEnded).toBe(true);
});

test('mixes nothing when many are sent at once, again and again', async () => {
  const wanted = createHash('sha1').update(bytes).digest('hex');
  for (let round = 0; round < 3; round++) {
    const sinks = Array.from({ length: 12 }, () => new SlowSink());
    await Promise.all(sinks.map((sink) => sendFile(fd, { start: 0, end: SIZE - 1 }, sink)));
    for (const sink of sinks) expect(sink.hash.digest('hex')).toBe(wanted);
  }
});

test('says so when the receiver goes away', async () => {
  const sink = new SlowSink();
  const sending = sendFile(fd, { start: 0, end: SIZE - 1 }, sink);
  await setTimeout(5);
  sink.destroy();
  expect(await sending).toBe(false);
  expect(await sendFile(fd, { start: 0, end: 10 }, sink)).toBe(false);
});

test('says so when the file is shorter than it was', async () => {
  const sink = new SlowSink();
  expect(await sendFile(fd, { start: 0, end: SIZE }, sink)).toBe(false);
  expect(sink.writableEnded).toBe(false);
});
