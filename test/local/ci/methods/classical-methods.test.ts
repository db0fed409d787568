import { readFileSync } from 'node:fs';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classicalOperations } from '../../../../local/ci/classical.ts';
import { BUCKET, type EngineForTests, engineForTests, REGION } from '../../engine-for-tests.ts';
import { rawOf } from '../pictures/pictures-for-tests.ts';

const AT = { Bucket: BUCKET, Region: REGION };
const photo = readFileSync(new URL('../../../fixtures/vision/goods/f-g01.jpg', import.meta.url));

let bench: EngineForTests;
let cos: COS;
beforeAll(async () => {
  bench = await engineForTests({ operations: classicalOperations({ threads: 1 }) });
  cos = bench.client(COS);
  await cos.putObject({ ...AT, Key: 'in/mug.jpg', Body: photo });
});
afterAll(() => bench.stop());

/** The mug stands in the middle, its handle has a hole, and around it is nothing. */
async function mustBeTheMug(picture: Uint8Array): Promise<void> {
  const { width, height, at } = await rawOf(picture);
  expect([width, height]).toEqual([600, 600]);
  expect([at(240, 320)[3], at(5, 5)[3], at(430, 310)[3], at(300, 480)[3]]).toEqual([255, 0, 0, 0]);
}

async function bytesOf(key: string): Promise<Buffer> {
  return (await cos.getObject({ ...AT, Key: key })).Body as Buffer;
}

describe.each(['GoodsMatting', 'AIPicMatting', 'AIPortraitMatting'])(
  '%s by the SDK',
  (operation) => {
    const rule = `ci-process=${operation}`;
    const headers = (fileid: string) => ({
      'Pic-Operations': JSON.stringify({ is_pic_info: 1, rules: [{ fileid, rule }] }),
    });

    test('on download', async () => {
      const Query = { 'ci-process': operation };
      const asked = { ...AT, Key: 'in/mug.jpg', Method: 'GET', Query, RawBody: true };
      const answered = await cos.request(asked);
      await mustBeTheMug(answered.Body as Buffer);
      expect(answered.headers).toMatchObject({
        'content-type': 'image/png',
        'x-darkroom-engine': 'classical/goods',
      });
    });

    test('while uploading', async () => {
      const Headers = headers('/out/uploaded.png');
      await cos.putObject({ ...AT, Key: 'in/again.jpg', Body: photo, Headers });
      await mustBeTheMug(await bytesOf('out/uploaded.png'));
    });

    test('of what is stored', async () => {
      const Headers = headers('/out/stored.png');
      await cos.request({
        ...AT,
        Key: 'in/mug.jpg',
        Method: 'POST',
        Action: 'image_process',
        Headers,
      });
      await mustBeTheMug(await bytesOf('out/stored.png'));
    });
  },
);
