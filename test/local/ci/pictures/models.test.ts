import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import COS from 'cos-nodejs-sdk-v5';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { classicalOperations } from '../../../../local/ci/classical.ts';
import { startEngine } from '../../../../local/engine/engine.ts';
import { writeBase64Url } from '../../../../shared/wire/base64-url.ts';
import { BUCKET, type EngineForTests, engineForTests, REGION } from '../../engine-for-tests.ts';
import { rawOf } from './pictures-for-tests.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'vision');
const AT = { Bucket: BUCKET, Region: REGION };
let folder: string;
let plain: EngineForTests;
let plugged: EngineForTests;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'darkroom-models-'));
  cpSync(join(FIXTURES, 'onnx'), folder, { recursive: true });
  const card = (name: string, said: object) =>
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(said));
  card('matting-green', { name: 'green', input: 'x', output: 'alpha' });
  card('sr2-nearest', { name: 'nearest', input: 'x', output: 'y' });
  const models = {
    matting: join(folder, 'matting-green.onnx'),
    'super-resolution': join(folder, 'sr2-nearest.onnx'),
  };
  plain = await engineForTests({ operations: classicalOperations() });
  plugged = await engineForTests({ operations: classicalOperations({ models, strictAi: true }) });
});
afterAll(async () => {
  await plain.stop();
  await plugged.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function processed(bench: EngineForTests, query: Record<string, string>, body: Buffer) {
  const cos = bench.client(COS);
  await cos.putObject({ ...AT, Key: 'in.png', Body: body });
  const asked = { ...AT, Key: 'in.png', Method: 'GET' as const, Query: query, RawBody: true };
  const answered = await cos.request(asked);
  return {
    engine: answered.headers?.['x-darkroom-engine'],
    type: answered.headers?.['content-type'],
    body: answered.Body as Buffer,
  };
}

const grey = () =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#777777' } })
    .png()
    .toBuffer();
const polygon = writeBase64Url('[[10,10],[20,10],[20,18],[10,18]]');

test.for([
  ['ImageRepair', { MaskPoly: polygon }, 'classical/repair', [40, 30]],
  ['ImageRepair', {}, 'classical/no-mask', [40, 30]],
  ['AISuperResolution', {}, 'classical/super-resolution', [80, 60]],
  ['AISuperResolution', { magnify: '4' }, 'classical/super-resolution', [160, 120]],
  ['AISuperResolution', { magnify: '1' }, 'classical/super-resolution', [40, 30]],
  ['AIImageColoring', {}, 'classical/tone-only', [40, 30]],
  ['AIEnhanceImage', {}, 'classical/enhance', [40, 30]],
] as const)('without a model %s with %j is answered by %s', async ([name, more, engine, size]) => {
  const answered = await processed(plain, { 'ci-process': name, ...more }, await grey());
  const { width, height } = await rawOf(answered.body);
  expect([answered.engine, answered.type]).toEqual([engine, 'image/png']);
  expect([width, height]).toEqual(size);
});

test('JPEG comes out as JPEG, and WebP as WebP', async () => {
  for (const format of ['jpeg', 'webp'] as const) {
    const input = await sharp(await grey())
      .toFormat(format)
      .toBuffer();
    const answered = await processed(plain, { 'ci-process': 'AISuperResolution' }, input);
    expect(answered.type).toBe(`image/${format}`);
  }
});

test('a model does the work where there is one, and the answer says its name', async () => {
  const half = await sharp({
    create: { width: 40, height: 30, channels: 3, background: '#00ff00' },
  })
    .composite([
      {
        input: { create: { width: 20, height: 30, channels: 3, background: '#ff00ff' } },
        left: 0,
        top: 0,
      },
    ])
    .png()
    .toBuffer();
  const cut = await processed(plugged, { 'ci-process': 'AIPicMatting' }, half);
  const { at } = await rawOf(cut.body);
  expect(cut.engine).toBe('model/green');
  expect([at(5, 5), at(35, 5)[3]]).toEqual([[255, 0, 255, 255], 0]);

  const large = await processed(plugged, { 'ci-process': 'AISuperResolution' }, half);
  expect(large.engine).toBe('model/nearest');
  const doubled = await rawOf(large.body);
  expect([doubled.at(39, 10), doubled.at(40, 10)]).toEqual([
    [255, 0, 255, 255],
    [0, 255, 0, 255],
  ]);
});

test('with --strict-ai nothing pretends to colour', async () => {
  const refused = processed(plugged, { 'ci-process': 'AIImageColoring' }, await grey());
  await expect(refused).rejects.toMatchObject({ statusCode: 501, code: 'NotImplemented' });
});

test('an engine with a model that cannot work does not start, and says why', async () => {
  const file = join(folder, 'matting-recurrent.onnx');
  writeFileSync(join(folder, 'matting-recurrent.json'), '{ "input": "src", "output": "pha" }');
  const operations = classicalOperations({ models: { matting: file } });
  const started = startEngine({ port: 0, operations });
  await expect(started).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: `${file} wants an input "r1i" that its card does not name`,
  });
});
