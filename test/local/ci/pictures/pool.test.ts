import { setTimeout } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import type { PictureWork } from '../../../../local/ci/operations-port.ts';
import { type PicturePool, picturePool } from '../../../../local/ci/pictures/pool.ts';
import { Turns } from '../../../../local/ci/pictures/turns.ts';
import { boxPicture } from './pictures-for-tests.ts';

const rule = { kind: 'ci-process', operation: 'GoodsMatting', options: [] } as const;
const photo = () =>
  boxPicture({ width: 60, height: 40 }, { left: 5, top: 5, width: 9, height: 9 }).png().toBuffer();

let pool: PicturePool | undefined;
afterEach(async () => {
  await pool?.stop();
});

test('pictures are processed in threads of their own, many at once', async () => {
  pool = picturePool({ threads: 2 });
  const input = await photo();
  const done = await Promise.all(Array.from({ length: 8 }, () => pool?.picture({ rule, input })));
  expect(done.map((each) => each?.info.width)).toEqual(Array(8).fill(60));
  expect((await pool.info(input)).format).toBe('PNG');
});

test('what is wrong with a picture comes back by its name', async () => {
  pool = picturePool({ threads: 1 });
  await expect(pool.picture({ rule, input: Buffer.from('no picture') })).rejects.toMatchObject({
    code: 'InvalidImageFormat',
  });
});

test('more than may wait are told to slow down, and counted; the others are done', async () => {
  pool = picturePool({ threads: 1, maxWaiting: 2 });
  const input = await photo();
  const asked = Array.from({ length: 5 }, () =>
    pool?.picture({ rule, input }).then(
      () => 'done',
      (thrown) => thrown.code,
    ),
  );
  expect((await Promise.all(asked)).sort()).toEqual([
    'SlowDown',
    'SlowDown',
    'done',
    'done',
    'done',
  ]);
  expect(pool.load()).toEqual({ running: 0, waiting: 0, refused: 2 });
});

test('a picture that takes too long is ended within its thread too, and the next one is done by the same pool', async () => {
  pool = picturePool({ threads: 1, timeoutMs: 1000 });
  await expect(pool.picture(await endless())).rejects.toMatchObject({
    code: 'InternalError',
    message: 'The picture took longer than 1000 ms',
  });
  expect((await pool.picture({ rule, input: await photo() })).engine).toBe('instant');
  // What is left of the first one ends by itself: nothing works on when nothing is asked.
  await expect.poll(() => idleFor(300), { timeout: 20_000, interval: 100 }).toBe(true);
});

test('waiting takes nothing of the time that a picture has', async () => {
  pool = picturePool({ threads: 1, timeoutMs: 1500 });
  const slow = pool.picture(await endless());
  const waited = pool.picture({ rule, input: await photo() });
  await expect(slow).rejects.toMatchObject({ code: 'InternalError' });
  expect((await waited).info.width).toBe(60);
});

test('all who wait hold no more together than the bound; who comes alone is let in', async () => {
  const turns = new Turns({ places: 1, maxWaiting: 10, maxBytes: 100 });
  let end = () => {};
  const first = turns.take(101, () => new Promise<void>((resolve) => (end = resolve)));
  await expect(turns.take(1, async () => {})).rejects.toMatchObject({ code: 'SlowDown' });
  expect([turns.running, turns.waiting, turns.refused]).toEqual([1, 0, 1]);
  end();
  await first;
  expect(await turns.take(60, async () => 'done')).toBe('done');
});

test.for([
  ['at once', 0],
  ['while its threads begin', 5],
  ['in the middle of a picture', 700],
] as const)('a pool that stops %s refuses who waits and who comes', async ([, ms]) => {
  const stopping = picturePool({ threads: 1 });
  const codeOf = (work: PictureWork) =>
    stopping.picture(work).then(
      () => 'done',
      (thrown) => thrown.code,
    );
  const asked = [await endless(), { rule, input: await photo() }];
  const outcomes = asked.map(codeOf);
  await setTimeout(ms);
  await stopping.stop();
  expect(await Promise.all(outcomes)).toEqual(['InternalError', 'InternalError']);
  expect(await codeOf({ rule, input: await photo() })).toBe('InternalError');
});

/** A minute of work for the library, step by step. */
async function endless(): Promise<PictureWork> {
  const create = { width: 6000, height: 6000, channels: 3 as const, background: '#336699' };
  const input = await sharp({ create }).png().toBuffer();
  const given = Array(40).fill(['blur', '50x20']).flat();
  const operations = [{ name: 'imageMogr2', arguments: given }];
  return { rule: { kind: 'pipeline' as const, operations }, input };
}

/** Whether the process has next to nothing to do. */
async function idleFor(ms: number): Promise<boolean> {
  const before = process.cpuUsage();
  await setTimeout(ms);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 < ms / 2;
}
