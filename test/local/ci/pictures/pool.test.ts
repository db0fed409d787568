import { afterEach, expect, test } from 'vitest';
import { type PicturePool, picturePool } from '../../../../local/ci/pictures/pool.ts';
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

test('a picture that takes too long is ended, and the next one is done all the same', async () => {
  pool = picturePool({ threads: 1, timeoutMs: 1 });
  await expect(pool.picture({ rule, input: await photo() })).rejects.toMatchObject({
    code: 'InternalError',
    message: 'The picture took longer than 1 ms',
  });
  await pool.stop();
  pool = picturePool({ threads: 1 });
  expect((await pool.picture({ rule, input: await photo() })).engine).toBe('instant');
});
