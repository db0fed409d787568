import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET, engineForTests, REGION, SDKS } from '../engine-for-tests.ts';
import { failure } from './failure.ts';

const started = await engineForTests();
afterAll(() => started.stop());

const NAMES = [
  'a',
  'a/1.jpg',
  'a/2.jpg',
  'a/b/3.jpg',
  'a/c d/4.jpg',
  'b&<>".txt',
  'z',
  '\u{ff21}.jpg',
  '图片/猫.png',
  '🐱.png',
];
/** By their bytes in UTF-8, where the emoji comes last; by UTF-16 it would not. */
const IN_ORDER = [...NAMES].sort((one, other) =>
  Buffer.compare(Buffer.from(one), Buffer.from(other)),
);

beforeAll(async () => {
  const cos = started.client(COS);
  await Promise.all(
    NAMES.map((Key) => cos.putObject({ Bucket: BUCKET, Region: REGION, Key, Body: Key })),
  );
});

describe.for(SDKS)('with the Node client %s', ([, Sdk]) => {
  const cos = started.client(Sdk);
  const where = { Bucket: BUCKET, Region: REGION };
  const keysOf = ({ Contents }: COS.GetBucketResult) => Contents.map(({ Key }) => Key);
  const prefixesOf = ({ CommonPrefixes }: COS.GetBucketResult) =>
    CommonPrefixes.map(({ Prefix }) => Prefix);

  test('all keys are listed in the order of their bytes', async () => {
    expect(IN_ORDER.at(-1)).toBe('🐱.png');
    const list = await cos.getBucket(where);
    expect(keysOf(list)).toEqual(IN_ORDER);
    expect(list).toMatchObject({
      Name: BUCKET,
      IsTruncated: 'false',
      MaxKeys: '1000',
      headers: { 'x-cos-bucket-region': REGION },
    });
    expect(list).not.toHaveProperty('NextMarker');
    expect(list).not.toHaveProperty('EncodingType');
    expect(list.Contents[0]).toMatchObject({
      Key: 'a',
      ETag: '"0cc175b9c0f1b6a831c399e269772661"',
      Size: '1',
      StorageClass: 'STANDARD',
      Owner: { ID: '1250000000' },
    });
    expect(list.Contents[0]?.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
  });

  test('a prefix narrows and a delimiter folds', async () => {
    const list = await cos.getBucket({ ...where, Prefix: 'a/', Delimiter: '/' });
    expect(keysOf(list)).toEqual(['a/1.jpg', 'a/2.jpg']);
    expect(prefixesOf(list)).toEqual(['a/b/', 'a/c d/']);
    expect(list).toMatchObject({ Prefix: 'a/', Delimiter: '/' });
    const none = await cos.getBucket({ ...where, Prefix: 'nothing/' });
    expect(none).toMatchObject({ Contents: [], CommonPrefixes: [], IsTruncated: 'false' });
  });

  test('keys and prefixes are escaped where the client asks for it, but for slashes', async () => {
    const list = await cos.getBucket({ ...where, EncodingType: 'url', Prefix: 'a/c d' });
    expect(list).toMatchObject({ EncodingType: 'url', Prefix: 'a/c%20d' });
    expect(keysOf(list)).toEqual(['a/c%20d/4.jpg']);
    const all = await cos.getBucket({ ...where, EncodingType: 'url' });
    expect(keysOf(all).map(decodeURIComponent)).toEqual(IN_ORDER);
    expect(keysOf(all)).toContain('%E5%9B%BE%E7%89%87/%E7%8C%AB.png');
    const folded = await cos.getBucket({
      ...where,
      EncodingType: 'url',
      Prefix: 'a/',
      Delimiter: '/',
    });
    expect(prefixesOf(folded)).toEqual(['a/b/', 'a/c%20d/']);
  });

  test.for([1, 2, 3, 7])('pages of %s keys add up to the whole', async (MaxKeys) => {
    const pages: string[] = [];
    let Marker: string | undefined;
    for (let page = 0; page < NAMES.length + 1; page++) {
      const list = await cos.getBucket({
        ...where,
        MaxKeys,
        ...(Marker !== undefined && { Marker }),
      });
      pages.push(...keysOf(list));
      expect(keysOf(list).length).toBeLessThanOrEqual(MaxKeys);
      if (list.IsTruncated === 'false') break;
      expect(list.NextMarker).toBe(pages.at(-1));
      Marker = list.NextMarker;
    }
    expect(pages).toEqual(IN_ORDER);
  });

  test('pages count folded prefixes, and go on behind them', async () => {
    const seen: string[] = [];
    let Marker = '';
    for (let page = 0; page < 9; page++) {
      const list = await cos.getBucket({ ...where, Delimiter: '/', MaxKeys: 2, Marker });
      seen.push(...keysOf(list), ...prefixesOf(list));
      if (list.IsTruncated === 'false') break;
      Marker = list.NextMarker ?? '';
    }
    expect([...seen].sort()).toEqual(
      ['a', 'a/', 'b&<>".txt', 'z', 'Ａ.jpg', '图片/', '🐱.png'].sort(),
    );
  });

  test('a marker need not be a key, and lists what is behind it', async () => {
    const list = await cos.getBucket({ ...where, Marker: 'a/2' });
    expect(keysOf(list)).toEqual(IN_ORDER.slice(IN_ORDER.indexOf('a/2.jpg')));
    const behind = await cos.getBucket({ ...where, Marker: '🐱.png' });
    expect(behind).toMatchObject({ Contents: [], IsTruncated: 'false' });
  });

  test('parameters that make no sense are refused by name', async () => {
    const encoded = await failure(cos.getBucket({ ...where, EncodingType: 'base64' }));
    expect(encoded).toMatchObject({ statusCode: 400, code: 'InvalidArgument' });
    expect(encoded.message).toContain('encoding-type');
    const counted = await failure(cos.getBucket({ ...where, MaxKeys: -1 }));
    expect(counted).toMatchObject({ statusCode: 400, code: 'InvalidArgument' });
    expect(counted.message).toContain('max-keys');
  });

  test('no page has more than a thousand keys', async () => {
    expect(await cos.getBucket({ ...where, MaxKeys: 5000 })).toMatchObject({ MaxKeys: '1000' });
  });
});
