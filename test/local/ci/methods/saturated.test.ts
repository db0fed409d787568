import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { instantOperations } from '../../../../local/ci/instant.ts';
import { admin } from '../../engine/asking.ts';
import {
  BUCKET,
  type EngineForTests,
  engineForTests,
  HOST,
  REGION,
} from '../../engine-for-tests.ts';
import { rawRequest } from '../../raw-request.ts';
import { signByHand } from '../../sdk/signed-by-hand.ts';
import { boxPicture } from '../pictures/pictures-for-tests.ts';

const AT = { Bucket: BUCKET, Region: REGION };
let bench: EngineForTests;

beforeAll(async () => {
  const operations = instantOperations({ threads: 1, maxWaiting: 2 });
  bench = await engineForTests({ operations });
  const cos = bench.client(COS);
  const photo = boxPicture({ width: 900, height: 600 }, { left: 9, top: 9, width: 90, height: 90 });
  await cos.putObject({ ...AT, Key: 'in/cat.png', Body: await photo.png().toBuffer() });
});
afterAll(() => bench.stop());

test('more pictures than may wait are answered 503 with a number, and the rest are done', async () => {
  const { text } = signByHand({ method: 'get', path: '/in/cat.png' });
  const line = `GET /in/cat.png?${text}&ci-process=GoodsMatting`;
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      rawRequest(bench.engine.port, { line, headers: { Host: HOST } }),
    ),
  );
  const refused = answers.filter(({ status }) => status === 503);
  expect(answers.filter(({ status }) => status === 200).length).toBe(8 - refused.length);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.body.toString()).toContain('<Code>SlowDown</Code>');
  expect(refused[0]?.headers['x-errno']).toBe('-163');
  const { is } = await admin(bench.engine, 'GET /');
  const pictures = { engine: 'instant', running: 0, waiting: 0, refused: refused.length };
  expect(is).toMatchObject({ pictures });
});
