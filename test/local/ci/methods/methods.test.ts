import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeBase64Url } from '../../../../shared/wire/base64-url.ts';
import { postPolicyFields } from '../../../../shared/wire/post-policy.ts';
import { readUploadResult } from '../../../../shared/wire/upload-result.ts';
import { keyOf } from '../../cos/events/key-of.ts';
import {
  BUCKET,
  type EngineForTests,
  engineForTests,
  REGION,
  SDKS,
} from '../../engine-for-tests.ts';
import { boxPicture, rawOf, seenBox } from '../pictures/pictures-for-tests.ts';

const OTHER = 'other-1250000000';
const SIZE = { width: 100, height: 60 };
const BOX = { left: 10, top: 20, width: 20, height: 24 };
const AT = { Bucket: BUCKET, Region: REGION };

let bench: EngineForTests;
let cos: COS;
let photo: Buffer;

beforeAll(async () => {
  photo = await boxPicture(SIZE, BOX).png().toBuffer();
  bench = await engineForTests({ buckets: [BUCKET, OTHER], allowPrivateFetch: true });
  cos = bench.client(COS);
});
afterAll(() => bench.stop());
beforeEach(async () => {
  await cos.putObject({ ...AT, Key: 'in/cat.png', Body: photo });
});

function operations(rules: readonly object[], more: object = {}): Record<string, string> {
  return { 'Pic-Operations': JSON.stringify({ is_pic_info: 1, rules, ...more }) };
}

const cut = (fileid: string, more: object = {}) => ({
  fileid,
  rule: 'ci-process=GoodsMatting',
  ...more,
});

async function fetchProcessed(query: Record<string, string>, key = 'in/cat.png', by = cos) {
  return raw(by, { ...AT, Key: key, Method: 'GET', Query: query });
}

/** Nor that an upload with rules has their results. */
function uploadResult(answered: object) {
  return (answered as { UploadResult: { ProcessResults: { Object: unknown } } }).UploadResult;
}

/** The types of the client do not say that a raw body is a buffer. */
async function raw(by: COS, asked: COS.RequestParams) {
  const answered = await by.request({ ...asked, RawBody: true });
  return { ...answered, Body: answered.Body as Buffer };
}

async function inCloud(rules: readonly object[], key = 'in/cat.png', by = cos) {
  const headers = operations(rules);
  return by.request({ ...AT, Key: key, Method: 'POST', Action: 'image_process', Headers: headers });
}

/** `InvalidPicOperations 400`, or what was answered. */
async function refusal(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => 'done',
    (thrown) => `${thrown.code} ${thrown.statusCode}`,
  );
}

async function bytesOf(key: string, bucket = BUCKET): Promise<Buffer> {
  return (await cos.getObject({ ...AT, Bucket: bucket, Key: key })).Body as Buffer;
}

describe('on download', () => {
  test('the answer is the processed picture, and nothing is stored', async () => {
    const answered = await fetchProcessed({ 'ci-process': 'GoodsMatting', 'center-layout': '1' });
    expect(await seenBox(answered.Body)).toEqual({ left: 40, top: 18, width: 20, height: 24 });
    expect(answered.headers).toMatchObject({
      server: 'tencent-ci',
      'content-type': 'image/png',
      'x-darkroom-engine': 'instant',
    });
    expect(answered.headers?.['x-cos-request-id']).toBeTruthy();
    const { Contents } = await cos.getBucket({ ...AT, Prefix: 'in/' });
    expect(Contents.map(({ Key }) => Key)).toEqual(['in/cat.png']);
  });

  test('empty options are absent, as one client sends them', async () => {
    const query = {
      'ci-process': 'AIPicMatting',
      'center-layout': '0',
      'detect-url': '',
      'padding-layout': '',
    };
    expect(await seenBox((await fetchProcessed(query)).Body)).toEqual(BOX);
  });

  test('parts and conditions are those of the result', async () => {
    const query = { 'ci-process': 'GoodsMatting' };
    const whole = await fetchProcessed(query);
    const etag = whole.headers?.['etag'] ?? '';
    const send = (Headers: Record<string, string>) =>
      raw(cos, {
        ...AT,
        Key: 'in/cat.png',
        Method: 'GET',
        Query: query,
        Headers,
      });
    const part = await send({ Range: 'bytes=0-7' });
    expect([part.statusCode, part.Body]).toEqual([206, whole.Body.subarray(0, 8)]);
    expect(await refusal(send({ 'If-None-Match': etag }))).toMatch(/304/);
  });

  test.for([
    [{ 'ci-process': 'GoodsMatting', 'padding-layout': '2000x0' }, 'InvalidArgument 400'],
    [{ 'ci-process': 'AISuperResolution', magnify: '3' }, 'InvalidArgument 400'],
    [{ 'ci-process': 'AIFaceBeautify' }, 'NotImplemented 501'],
  ] as const)('%j is refused: %s', async ([query, expected]) => {
    expect(await refusal(fetchProcessed(query))).toBe(expected);
  });

  test('what is no picture and what is not there are told apart, by number too', async () => {
    await cos.putObject({ ...AT, Key: 'in/text.png', Body: 'this is no picture' });
    const failed = await fetchProcessed({ 'ci-process': 'GoodsMatting' }, 'in/text.png').catch(
      (thrown) => thrown,
    );
    expect([failed.code, failed.headers['x-errno']]).toEqual(['InvalidImageFormat', '-441']);
    expect(await refusal(fetchProcessed({ 'ci-process': 'GoodsMatting' }, 'in/none.png'))).toBe(
      'NoSuchKey 404',
    );
  });

  test('imageMogr2, imageView2 and imageInfo', async () => {
    const half = await fetchProcessed({ 'imageMogr2/thumbnail/!50p': '' });
    expect(await rawOf(half.Body)).toMatchObject({ width: 50, height: 30 });
    const info = await fetchProcessed({ imageInfo: '' });
    expect(JSON.parse(info.Body.toString())).toMatchObject({
      format: 'png',
      width: '100',
      height: '60',
    });
  });

  describe('of a picture elsewhere', () => {
    const server = createServer((request, response) => {
      if (request.url === '/far.png') response.end(photo);
      else response.writeHead(404).end();
    });
    let address = '';
    beforeAll(async () => {
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => server.close());

    const detect = (url: string, by = cos) =>
      raw(by, {
        ...AT,
        Key: '',
        Method: 'GET',
        Query: { 'ci-process': 'GoodsMatting', 'detect-url': url },
      });

    test('detect-url is fetched, encoded once, twice or three times', async () => {
      const url = `${address}/far.png`;
      for (const text of [
        url,
        encodeURIComponent(url),
        encodeURIComponent(encodeURIComponent(url)),
      ]) {
        expect(await seenBox((await detect(text)).Body)).toEqual(BOX);
      }
    });

    test('what cannot be fetched and what is no address are refused', async () => {
      expect(await refusal(detect(`${address}/none.png`))).toBe('InvalidImageSource 400');
      expect(await refusal(detect('file:///etc/passwd'))).toBe('InvalidArgument 400');
    });

    test('addresses of its own buckets are answered by the engine itself, for whoever may read them', async () => {
      const host = `${BUCKET}.cos.${REGION}.myqcloud.com`;
      expect(await refusal(detect(`https://${host}/in/cat.png`))).toBe('InvalidImageSource 400');
      const signed = cos.getObjectUrl({ ...AT, Key: 'in/cat.png', Sign: true }, () => {});
      expect(await seenBox((await detect(signed.replace(/127\.0\.0\.1:\d+/, host))).Body)).toEqual(
        BOX,
      );
    });

    test('a private address is refused unless the engine was told otherwise', async () => {
      const careful = await engineForTests();
      try {
        expect(await refusal(detect(`${address}/far.png`, careful.client(COS)))).toBe(
          'InvalidImageSource 400',
        );
      } finally {
        await careful.stop();
      }
    });
  });
});

describe('in the cloud', () => {
  test('up to five rules write five objects, each told of', async () => {
    const rules = [
      cut('/out/a.png'),
      cut('b.png'),
      { fileid: 'sub/c.png', rule: 'ci-process=AISuperResolution&magnify=4' },
      { fileid: '/out/d.jpg', rule: 'imageMogr2/thumbnail/!50p/format/jpg' },
      cut('e.png', { bucket: OTHER }),
    ];
    const { UploadResult } = await inCloud(rules);
    const { Key, Location, ETag, ImageInfo } = UploadResult.OriginalInfo;
    expect([Key, Location]).toEqual([
      'in/cat.png',
      `${BUCKET}.cos.${REGION}.myqcloud.com/in/cat.png`,
    ]);
    expect(ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(ImageInfo).toMatchObject({ Format: 'PNG', Width: '100', Height: '60' });
    expect(
      UploadResult.ProcessResults.Object.map(
        (object: { Key: string; Width: string }) => `${object.Key} ${object.Width}`,
      ),
    ).toEqual([
      'out/a.png 100',
      'in/b.png 100',
      'in/sub/c.png 400',
      'out/d.jpg 50',
      'in/e.png 100',
    ]);
    expect(await seenBox(await bytesOf('out/a.png'))).toEqual(BOX);
    expect(await seenBox(await bytesOf('in/e.png', OTHER))).toEqual(BOX);
  });

  test('the key of the source, from the root, overwrites it, and its etag is the new one', async () => {
    const { UploadResult } = await inCloud([cut('/in/cat.png')]);
    const { ETag } = await cos.headObject({ ...AT, Key: 'in/cat.png' });
    expect(UploadResult.OriginalInfo.ETag).toBe(ETag);
    expect(await seenBox(await bytesOf('in/cat.png'))).toEqual(BOX);
  });

  test.for([
    ['six rules', Array.from({ length: 6 }, (_, at) => cut(`/out/${at}.png`))],
    ['a fileid that names no file', [cut('/out/')]],
    ['a fileid with dots', [cut('/out/../a.png')]],
    ['a rule that is none', [{ fileid: '/out/a.png', rule: 'GoodsMatting' }]],
    ['a bucket that is not there', [cut('/out/a.png', { bucket: 'none-1250000000' })]],
  ] as const)('%s is refused, and nothing is written', async ([, rules]) => {
    const before = await cos.getBucket({ ...AT, Prefix: 'out/' });
    expect(await refusal(inCloud(rules))).toBe('InvalidPicOperations 400');
    expect((await cos.getBucket({ ...AT, Prefix: 'out/' })).Contents).toHaveLength(
      before.Contents.length,
    );
  });

  test('what was written before a rule failed stays, and the answer is the error', async () => {
    const rules = [
      cut('/kept/first.png'),
      { fileid: '/kept/second.png', rule: 'ci-process=AIImageCrop&width=101&height=9&fixed=1' },
      cut('/kept/third.png'),
    ];
    expect(await refusal(inCloud(rules))).toBe('InvalidArgument 400');
    const { Contents } = await cos.getBucket({ ...AT, Prefix: 'kept/' });
    expect(Contents.map(({ Key }) => Key)).toEqual(['kept/first.png']);
  });

  test('a mask lies in a bucket of the engine, under a signed address', async () => {
    const mask = await boxPicture(SIZE, { left: 0, top: 0, width: 100, height: 60 })
      .negate({ alpha: false })
      .png()
      .toBuffer();
    await cos.putObject({ ...AT, Key: 'masks/all.png', Body: mask });
    const host = `${BUCKET}.cos.${REGION}.myqcloud.com`;
    const signed = cos
      .getObjectUrl({ ...AT, Key: 'masks/all.png', Sign: true }, () => {})
      .replace(/127\.0\.0\.1:\d+/, host);
    const repair = (url: string) => [
      { fileid: '/out/r.png', rule: `ci-process=ImageRepair&MaskPic=${writeBase64Url(url)}` },
    ];
    expect(await refusal(inCloud(repair(signed)))).toBe('done');
    expect(await refusal(inCloud(repair(`http://${host}/masks/all.png`)))).toBe(
      'InvalidImageSource 400',
    );
  });

  test('results raise events of their own', async () => {
    bench.engine.events.rules.add({
      id: 'all',
      bucket: BUCKET,
      events: ['cos:ObjectCreated:*'],
      prefix: 'seen/',
      suffix: '',
      subscriber: 'test',
      enabled: true,
    });
    await inCloud([cut('/seen/a.png')]);
    expect(bench.engine.events.list({ bucket: BUCKET }).map(({ event }) => keyOf(event))).toContain(
      'seen/a.png',
    );
  });
});

describe('while uploading', () => {
  test.for(SDKS)('SDK %s stores the original and the results at once', async ([version, Sdk]) => {
    const Key = `up/${version}.png`;
    const answered = await bench
      .client(Sdk)
      .putObject({ ...AT, Key, Body: photo, Headers: operations([cut(`/up/out-${version}.png`)]) });
    expect(uploadResult(answered).ProcessResults.Object).toMatchObject({
      Key: `up/out-${version}.png`,
    });
    expect(answered.headers?.['x-cos-hash-crc64ecma']).toMatch(/^\d+$/);
    expect(await seenBox(await bytesOf(`up/out-${version}.png`))).toEqual(BOX);
    expect(await bytesOf(Key)).toEqual(photo);
  });

  test('rules that cannot be used store nothing at all', async () => {
    const put = cos.putObject({
      ...AT,
      Key: 'up/none.png',
      Body: photo,
      Headers: operations([cut('/x/')]),
    });
    expect(await refusal(put)).toBe('InvalidPicOperations 400');
    expect(await refusal(cos.headObject({ ...AT, Key: 'up/none.png' }))).toMatch(/404/);
  });

  test('what is no picture is stored all the same, and the answer is the error', async () => {
    const put = cos.putObject({
      ...AT,
      Key: 'up/text.png',
      Body: 'no picture',
      Headers: operations([cut('/up/t.png')]),
    });
    expect(await refusal(put)).toBe('InvalidImageFormat 400');
    expect((await bytesOf('up/text.png')).toString()).toBe('no picture');
  });

  test('a key that is not ASCII travels escaped in the header', async () => {
    const header = JSON.stringify({ rules: [cut('/out/图.png')] }).replace(
      /[\u0080-\uffff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16)}`,
    );
    await cos.putObject({
      ...AT,
      Key: 'up/a.png',
      Body: photo,
      Headers: { 'Pic-Operations': header },
    });
    expect(await seenBox(await bytesOf('out/图.png'))).toEqual(BOX);
  });

  test('completing a multipart upload gives the results beside the object', async () => {
    const start = await cos.multipartInit({ ...AT, Key: 'up/parts.png' });
    const part = await cos.multipartUpload({
      ...AT,
      Key: 'up/parts.png',
      UploadId: start.UploadId,
      PartNumber: 1,
      Body: photo,
    });
    const done = await cos.multipartComplete({
      ...AT,
      Key: 'up/parts.png',
      UploadId: start.UploadId,
      Parts: [{ PartNumber: 1, ETag: part.ETag }],
      Headers: operations([cut('/up/from-parts.png')]),
    });
    expect(uploadResult(done).ProcessResults.Object).toMatchObject({ Key: 'up/from-parts.png' });
  });
});

test('a signed form with rules stores the original and the results, for whoever may write both', async () => {
  const now = Math.floor(Date.now() / 1000);
  const policy = (keyTime: string, id: string) =>
    JSON.stringify({
      expiration: new Date((now + 600) * 1000).toISOString(),
      conditions: [
        { 'q-sign-algorithm': 'sha1' },
        { 'q-ak': id },
        { 'q-sign-time': keyTime },
        ['starts-with', '$key', 'form/'],
      ],
    });
  async function post(keys: { secretId: string; secretKey: string }, fileid: string) {
    const window = { fromSeconds: now - 5, untilSeconds: now + 600 };
    const text = policy(`${window.fromSeconds};${window.untilSeconds}`, keys.secretId);
    const form = new FormData();
    form.set('key', 'form/cat.png');
    for (const [name, value] of Object.entries(postPolicyFields(text, keys, window))) {
      form.set(name, value);
    }
    form.set('Pic-Operations', JSON.stringify({ rules: [cut(fileid)] }));
    form.set('file', new Blob([photo]), 'cat.png');
    const url = `http://127.0.0.1:${bench.engine.port}/${BUCKET}/`;
    const answered = await fetch(url, { method: 'POST', body: form });
    return { status: answered.status, text: await answered.text() };
  }

  const done = await post(bench.engine.credentials, '/form/out.png');
  expect(readUploadResult(done.text).results).toMatchObject([{ key: 'form/out.png' }]);
  expect(await seenBox(await bytesOf('form/out.png'))).toEqual(BOX);

  const { identities } = bench.engine;
  const statement = [
    {
      effect: 'allow',
      action: 'cos:*',
      resource: `qcs::cos:${REGION}:uid/1250000000:${BUCKET}/form/*`,
    },
  ];
  await identities.putPolicy('form', JSON.stringify({ version: '2.0', statement }));
  const keys = await identities.putUser('form', ['form']);
  expect((await post(keys, '/form/out.png')).status).toBe(200);
  expect((await post(keys, '/elsewhere/out.png')).status).toBe(403);
});

describe('who may', () => {
  async function user(name: string, ...statements: object[]) {
    const { identities } = bench.engine;
    await identities.putPolicy(name, JSON.stringify({ version: '2.0', statement: statements }));
    const { secretId, secretKey } = await identities.putUser(name, [name]);
    return bench.client(COS, { SecretId: secretId, SecretKey: secretKey });
  }
  const allow = (action: string, path: string, service = 'cos') => ({
    effect: 'allow',
    action: [`name/${action}`],
    resource: [
      `qcs::${service}:${REGION}:uid/1250000000:${service === 'ci' ? 'bucket/' : ''}${BUCKET}/${path}`,
    ],
  });

  test('downloading needs to read the object and the action of the operation', async () => {
    const query = { 'ci-process': 'GoodsMatting' };
    const reader = await user('reader', allow('cos:GetObject', 'in/*'));
    expect(await refusal(fetchProcessed(query, 'in/cat.png', reader))).toBe('AccessDenied 403');
    const both = await user(
      'both',
      allow('cos:GetObject', 'in/*'),
      allow('ci:CreateGoodsMattingJob', '*', 'ci'),
    );
    expect(await refusal(fetchProcessed(query, 'in/cat.png', both))).toBe('done');
    expect(
      await refusal(fetchProcessed({ 'ci-process': 'AIPicMatting' }, 'in/cat.png', both)),
    ).toBe('AccessDenied 403');
  });

  test('the cloud method needs to read the source and to write every target', async () => {
    const half = await user('half', allow('cos:GetObject', 'in/*'));
    expect(await refusal(inCloud([cut('/out/a.png')], 'in/cat.png', half))).toBe(
      'AccessDenied 403',
    );
    const whole = await user(
      'whole',
      allow('cos:GetObject', 'in/*'),
      allow('cos:PutObject', 'out/*'),
    );
    expect(await refusal(inCloud([cut('/out/a.png')], 'in/cat.png', whole))).toBe('done');
    expect(await refusal(inCloud([cut('/elsewhere/a.png')], 'in/cat.png', whole))).toBe(
      'AccessDenied 403',
    );
  });
});

test('an UploadResult is read by our own reader as well', async () => {
  const answered = await raw(cos, {
    ...AT,
    Key: 'in/cat.png',
    Method: 'POST',
    Action: 'image_process',
    Headers: operations([cut('/out/own.png')]),
  });
  const { results } = readUploadResult(answered.Body);
  expect(results).toMatchObject([
    { key: 'out/own.png', format: 'png', width: 100, height: 60, quality: 100 },
  ]);
});
