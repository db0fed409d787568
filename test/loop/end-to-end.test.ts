import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerCallback } from '../../functions/on-callback/answer-callback.ts';
import { writeCosEvent } from '../../shared/wire/cos-event.ts';
import { REGION } from '../local/engine-for-tests.ts';
import { BUCKET, type StudioOnEngine, studioOnEngine } from './studio-on-engine.ts';

const RULES = `
templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, into: 'cutouts/{stem}.png' }
      - { operation: generic-matting, into: 'anything/{stem}.png' }
      - { operation: portrait-matting, into: 'people/{stem}.png' }
      - { operation: super-resolution, into: 'large/{stem}.jpg' }
      - { operation: colouring, into: 'colours/{stem}.jpg' }
  more@1:
    outputs:
      - { operation: enhance, into: 'enhanced/{stem}.jpg' }
      - { operation: smart-crop, with: { width: 8, height: 8 }, into: 'cropped/{stem}.jpg' }
  clean@1:
    outputs:
      - { operation: image-repair, with: { mask: { key: 'masks/{stem}.png' } }, into: 'clean/{stem}.jpg' }
  clip@1:
    outputs:
      - { operation: segment-video-body, with: { mode: mask }, into: 'clips/{stem}.mp4' }
rules:
  - { name: products, when: { prefix: in/, suffix: .jpg }, use: [cutout, more] }
  - { name: marked, when: { prefix: marked/, suffix: .jpg }, use: clean, allow: mask }
  - { name: clips, when: { prefix: in/, suffix: .mp4 }, use: clip }
schedule:
  - { name: nightly, cron: '0 0 3 * * * *', prefix: in/ }
notices:
  - { name: shop, url: NOTICES, about: '*' }
`;

let picture: Buffer;

let studio: StudioOnEngine;
beforeAll(async () => {
  const create = { width: 64, height: 48, channels: 3, background: '#336699' } as const;
  picture = await sharp({ create }).jpeg().toBuffer();
  studio = await studioOnEngine(RULES);
});
afterAll(() => studio.stop());

const statuses = (key: string) =>
  studio.lines
    .filter(
      (line) =>
        line['key'] === key &&
        ['done', 'accepted', 'failed', 'skipped'].includes(String(line['event'])),
    )
    .map(({ event, operation }) => `${operation} ${event}`)
    .sort();

test('an upload becomes one output for each step, in as few requests as the service takes', async () => {
  await studio.put('in/mug.jpg', picture, { 'content-type': 'image/jpeg' });
  await studio.settle();

  expect(statuses('in/mug.jpg')).toEqual([
    'colouring done',
    'enhance done',
    'generic-matting done',
    'goods-matting done',
    'portrait-matting done',
    'smart-crop done',
    'super-resolution done',
  ]);
  expect(await studio.get(BUCKET, 'cutouts/mug.png')).toBeDefined();
  const asked = studio.lines.filter(({ event, key }) => event === 'asked' && key === 'in/mug.jpg');
  expect(asked).toHaveLength(2);
  expect(asked.every(({ ciRequestId }) => typeof ciRequestId === 'string')).toBe(true);
});

test('a mask is named by its key, by the rule or by the object, and read by the service', async () => {
  await studio.put('masks/poster.png', picture, { 'content-type': 'image/png' });
  await studio.put('marked/poster.jpg', picture, { 'content-type': 'image/jpeg' });
  await studio.put('marked/own.jpg', picture, {
    'content-type': 'image/jpeg',
    'x-cos-meta-darkroom-mask': 'masks/poster.png',
  });
  await studio.put('marked/none.jpg', picture, { 'content-type': 'image/jpeg' });
  await studio.settle();

  expect(statuses('marked/poster.jpg')).toEqual(['image-repair done']);
  expect(statuses('marked/own.jpg')).toEqual(['image-repair done']);
  expect(studio.lines).toContainEqual(
    expect.objectContaining({
      event: 'planned',
      key: 'marked/none.jpg',
      skips: expect.stringContaining('marked: mask-missing'),
    }),
  );
});

test('a video becomes a job, whose callback settles it and is told of with a signature', async () => {
  await studio.put('in/walk.mp4', 'a video', { 'content-type': 'video/mp4' });
  await studio.settle();

  expect(statuses('in/walk.mp4')).toEqual(['segment-video-body accepted']);
  const told = studio.heard.find(({ body }) => JSON.parse(body).type === 'job.succeeded');
  expect(told && JSON.parse(told.body)).toMatchObject({ target: { key: 'clips/walk.mp4' } });
  const { 'x-darkroom-timestamp': time, 'x-darkroom-signature': signature } = told?.headers ?? {};
  const hmac = createHmac('sha256', 'a secret of at least thirty-two characters');
  expect(signature).toBe(`sha256=${hmac.update(`${time}.${told?.body}`).digest('hex')}`);
});

test('the built function does the same in a process of its own, with nothing but its file and its keys', async () => {
  const { folder, engine } = studio;
  engine.events.change({ deliveryDelayMs: 3_600_000 });
  await studio.put('in/built.jpg', picture, { 'content-type': 'image/jpeg' });
  engine.events.change({ deliveryDelayMs: 0 });
  copyFileSync('dist/functions/on-upload/index.js', join(folder, 'index.js'));
  const [record] = [{ bucket: BUCKET, region: REGION, key: 'in/built.jpg', size: 1, at: 0 }];
  const event = writeCosEvent([
    { ...record, eventName: 'cos:ObjectCreated:Put', meta: {}, queue: '', sourceIp: '' },
  ]);
  const call = `require('./index.js').main_handler(${JSON.stringify(event)}, {
    request_id: 'own', time_limit_in_ms: 30000 })`;
  // It is billed until nothing is left to do, so it ends by itself.
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', call], {
    cwd: folder,
    env: await studio.environmentOf('on-upload'),
    timeout: 25_000,
  });

  const said = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(said.filter(({ event }) => event === 'done')).toHaveLength(7);
  expect(said.every(({ requestId }) => requestId === 'own')).toBe(true);
});

test('callbacks open nothing without their token', async () => {
  const callback = (await studio.open('on-callback'))();
  const post = async (path: string) => {
    const event = { httpMethod: 'POST', path, queryString: {}, headers: {}, body: '{}' };
    return (await answerCallback(event, await callback))?.statusCode;
  };
  const { tokens } = await callback;
  const token = tokens.tokenFor('0'.repeat(64));
  expect(await post('/v1/callbacks/guessed')).toBe(404);
  expect(await post(`/v1/callbacks/${token.slice(0, -1)}`)).toBe(404);
  expect(await post(`/v1/callbacks/${token}`)).toBe(400);
});

test('a backfill submits nothing that is done, and what was missed', async () => {
  studio.engine.events.change({ deliveryDelayMs: 3_600_000 });
  await studio.put('in/late.jpg', picture, { 'content-type': 'image/jpeg' });
  const before = studio.lines.filter(({ event }) => event === 'asked').length;
  await studio.tick('{"schedule":"nightly"}');

  expect(studio.lines.filter(({ event }) => event === 'asked')).toHaveLength(before + 2);
  expect(studio.lines).toContainEqual(
    expect.objectContaining({ event: 'page', state: 'finished', seen: 4, failed: 0 }),
  );
});

test('no function was ever refused anything, and no line of the log tells a secret', () => {
  expect(studio.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  expect(JSON.stringify(studio.lines)).not.toMatch(/q-sign|thirty-two|AKID|callbacks\/[0-9a-f]/);
});
