import COS from 'cos-nodejs-sdk-v5';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openAddresses } from '../../shared/client/addresses.ts';
import type { Source } from '../../shared/core/object-ref.ts';
import type { DownloadCall } from '../../shared/operations/call.ts';
import { goodsMatting } from '../../shared/operations/goods-matting.ts';
import { readUploadResult } from '../../shared/wire/upload-result.ts';
import {
  BUCKET,
  type EngineForTests,
  engineForTests,
  KEYS,
  REGION,
} from '../local/engine-for-tests.ts';
import { callFor } from '../operations/sample.ts';
import { at, clientOf, stepsOf } from './client-for-tests.ts';

const KEY = 'in/mug ü+(1).jpg';

let running: EngineForTests;
let picture: Buffer;
let source: Source;

beforeAll(async () => {
  running = await engineForTests({ allowPrivateFetch: true });
  const grey = { width: 40, height: 30, channels: 3, background: '#888' } as const;
  picture = await sharp({ create: grey }).jpeg().toBuffer();
  await running.client(COS).putObject({ Bucket: BUCKET, Region: REGION, Key: KEY, Body: picture });
  const there = await clientOf(running).objects.head(at(KEY));
  if (!there) throw new Error('It is not there');
  source = there;
});
afterAll(() => running.stop());

const cutout = callFor(goodsMatting, {}, { via: 'download' }) as DownloadCall;

test('an address reads what the address of the official client reads', async () => {
  const ours = clientOf(running).addresses.toRead(at(KEY), 60);
  const theirs = running.client(COS).getObjectUrl({
    ...{ Bucket: BUCKET, Region: REGION, Key: KEY, Sign: true, Expires: 60 },
    Domain: `http://127.0.0.1:${running.engine.port}/{Bucket}`,
  } as COS.GetObjectUrlParams);

  const read = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());
  expect(await read(ours)).toEqual(picture);
  expect(await read(theirs)).toEqual(picture);
});

test('of the service itself, an address is the very one that the official client makes', () => {
  const second = Math.floor(Date.now() / 1000);
  const ours = openAddresses({ keys: () => KEYS, now: () => second * 1000 }).toRead(at(KEY), 60);
  const theirs = new COS({ SecretId: KEYS.secretId, SecretKey: KEYS.secretKey }).getObjectUrl({
    ...{ Bucket: BUCKET, Region: REGION, Key: KEY, Sign: true, Protocol: 'https:' },
  } as COS.GetObjectUrlParams);

  const plain = (url: string) => new URL(url).origin + new URL(url).pathname;
  expect(plain(ours)).toBe(plain(theirs));
  const fieldsOf = (url: string) => [...new URL(url).searchParams.keys()];
  expect(fieldsOf(ours)).toEqual(fieldsOf(theirs));
  expect(new URL(ours).searchParams.get('q-header-list')).toBe('host');
  expect(new URL(ours).searchParams.get('q-key-time')).toBe(`${second - 60};${second + 60}`);
});

test('an address counts no longer than it was signed for', async () => {
  const long = clientOf(running).addresses.toRead(at(KEY), 60);
  const past = clientOf(running, { now: () => Date.now() - 120_000 }).addresses.toRead(at(KEY), 60);

  expect((await fetch(long)).status).toBe(200);
  expect((await fetch(past)).status).toBe(403);
});

test('a rendering is what its operation makes, and without it the address is worth nothing', async () => {
  const url = clientOf(running).addresses.toRender(source, cutout, 60);
  const answer = await fetch(url);

  expect(answer.status).toBe(200);
  expect(await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).toMatchObject({
    ...{ format: 'png', width: 40, height: 30 },
  });
  const without = new URL(url);
  without.searchParams.delete('ci-process');
  expect((await fetch(without)).status).toBe(403);
  const other = new URL(url);
  other.searchParams.set('ci-process', 'AIPicMatting');
  expect((await fetch(other)).status).toBe(403);
});

test('a rendering of a picture elsewhere is signed for that picture', async () => {
  const { addresses } = clientOf(running);
  const elsewhere = addresses.toRead(at(KEY), 60);
  const url = addresses.toRender(
    { bucket: BUCKET, region: REGION, pictureUrl: elsewhere },
    cutout,
    60,
  );

  expect((await fetch(url)).status).toBe(200);
  const other = new URL(url);
  other.searchParams.set('detect-url', 'https://example.com/other.jpg');
  expect((await fetch(other)).status).toBe(403);
});

test('a ticket uploads and processes in one request, and serves for nothing else', async () => {
  const target = { ...source, key: 'uploads/neu ü.jpg' };
  const steps = stepsOf(target, ['cut/{name}', 'cut2/{name}']);
  const { url, headers } = clientOf(running).addresses.toUpload(
    target,
    steps,
    { 'x-cos-meta-darkroom': 'v1' },
    60,
  );

  const refused = await fetch(url, { method: 'PUT', body: picture });
  expect(refused.status).toBe(403);
  const others = { ...headers, 'pic-operations': '{"is_pic_info":0,"rules":[]}' };
  expect((await fetch(url, { method: 'PUT', body: picture, headers: others })).status).toBe(403);

  const answer = await fetch(url, { method: 'PUT', body: picture, headers });
  expect(answer.status).toBe(200);
  const { results } = readUploadResult(await answer.text());
  expect(results.map(({ key }) => key)).toEqual(steps.map((step) => step.target.key));
  const { objects } = clientOf(running);
  expect(await objects.head(target)).toMatchObject({ metadata: { darkroom: 'v1' } });
  for (const step of steps) expect(await objects.head(step.target)).toBeDefined();
});
