import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StudioOnEngine, studioOnEngine } from '../loop/studio-on-engine.ts';

const RULES = `
templates:
  cutout@1:
    outputs: [{ operation: goods-matting, into: 'cut/{stem}.png' }]
rules:
  - { name: all, when: { prefix: in/ }, use: cutout }
`;

let studio: StudioOnEngine;
beforeAll(async () => {
  studio = await studioOnEngine(RULES);
});
afterAll(() => studio.stop());

test('what could not be opened is opened by the next invocation, and each retry has its line', async () => {
  const open = await studio.open('on-upload');
  studio.engine.faults.add({
    ...{ id: 'down', effect: 'status', status: 500, percent: 100, times: 5 },
    operations: ['GetBucketVersioning'],
  });

  await expect(open()).rejects.toMatchObject({ code: 'COS_UNREACHABLE' });
  const { suite } = await open();
  expect(await suite.records.read('steps/none.json')).toBeUndefined();
  const again = studio.lines.filter(({ event }) => event === 'asked again');
  expect(again.map(({ tries }) => tries)).toEqual([1, 2, 3, 4]);
  expect(again[0]).toMatchObject({ because: 'status 500', function: 'on-upload' });
});
