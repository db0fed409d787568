import { randomBytes } from 'node:crypto';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUCKET, engineForTests, HOST, REGION, SDKS } from '../engine-for-tests.ts';
import { failure } from './failure.ts';
import { escaped } from './signed-by-hand.ts';

const started = await engineForTests();
afterAll(() => started.stop());

const SOURCE = 'from/a b+图.txt';
const ETAG = '"9a0364b9e99bb480dd25e1f0284c8555"';
const soon = new Date(Date.now() + 3_600_000).toUTCString();
const before = new Date(Date.now() - 3_600_000).toUTCString();

/** As every client names the source of a copy, whatever the endpoint is. */
const sourceOf = (key: string, host = HOST) => `${host}/${escaped(key).replaceAll('%2F', '/')}`;

beforeAll(async () => {
  const cos = started.client(COS);
  await cos.putObject({
    Bucket: BUCKET,
    Region: REGION,
    Key: SOURCE,
    Body: 'content',
    ContentType: 'text/plain',
    CacheControl: 'max-age=1',
    ACL: 'public-read',
    'x-cos-meta-owner': 'somebody',
    Headers: { 'x-cos-tagging': 'colour=red' },
  });
});

describe.for(SDKS)('with the Node client %s', ([version, Sdk]) => {
  const cos = started.client(Sdk);
  const at = (name: string) => ({ Bucket: BUCKET, Region: REGION, Key: `${version}/${name}` });
  const copy = (name: string, more: Partial<COS.PutObjectCopyParams> = {}) =>
    cos.putObjectCopy({ ...at(name), CopySource: sourceOf(SOURCE), ...more });

  test('a copy has the bytes and what is said about them, and no access list', async () => {
    const copied = await copy('copied');
    expect(copied).toMatchObject({ statusCode: 200, ETag: ETAG });
    expect(copied.headers).toMatchObject({
      'x-cos-hash-crc64ecma': expect.stringMatching(/^\d+$/),
    });
    const got = await cos.getObject(at('copied'));
    expect(got.Body.toString()).toBe('content');
    expect(got.headers).toMatchObject({
      'content-type': 'text/plain',
      'cache-control': 'max-age=1',
      'x-cos-meta-owner': 'somebody',
      'x-cos-tagging-count': '1',
    });
    expect(await cos.getObjectAcl(at('copied'))).toMatchObject({ ACL: 'default' });
  });

  test('what is said about a copy can be replaced, also on the spot', async () => {
    await copy('replaced', {
      MetadataDirective: 'Replaced',
      ContentType: 'image/png',
      'x-cos-meta-new': 'yes',
    });
    const { headers } = await cos.headObject(at('replaced'));
    expect(headers).toMatchObject({ 'content-type': 'image/png', 'x-cos-meta-new': 'yes' });
    expect(headers).not.toHaveProperty('x-cos-meta-owner');
    expect(headers).not.toHaveProperty('cache-control');

    const onto = { CopySource: sourceOf(at('replaced').Key) };
    const unchanged = await failure(cos.putObjectCopy({ ...at('replaced'), ...onto }));
    expect(unchanged).toMatchObject({ statusCode: 400, code: 'InvalidRequest' });
    await copy('replaced', { ...onto, MetadataDirective: 'Replaced', 'x-cos-meta-third': '3' });
    const again = await cos.headObject(at('replaced'));
    expect(again.headers).toMatchObject({ 'x-cos-meta-third': '3', etag: ETAG });
    expect(again.headers).not.toHaveProperty('x-cos-meta-new');
  });

  test('the metadata a copy is sent with counts for nothing without the directive', async () => {
    await copy('ignored', { 'x-cos-meta-owner': 'another' });
    const { headers } = await cos.headObject(at('ignored'));
    expect(headers).toMatchObject({ 'x-cos-meta-owner': 'somebody' });
  });

  test('tags follow, or are replaced', async () => {
    const Headers = { 'x-cos-tagging-directive': 'Replaced', 'x-cos-tagging': 'size=large' };
    await copy('tagged', { Headers });
    expect((await cos.getObjectTagging(at('tagged'))).Tags).toEqual([
      { Key: 'size', Value: 'large' },
    ]);
  });

  test('an access list and a storage class can be asked for with a copy', async () => {
    await copy('classed', { ACL: 'public-read', StorageClass: 'STANDARD_IA' });
    expect(await cos.getObjectAcl(at('classed'))).toMatchObject({ ACL: 'public-read' });
    const { headers } = await cos.headObject(at('classed'));
    expect(headers).toMatchObject({
      'x-cos-storage-class': 'STANDARD_IA',
      'x-cos-meta-owner': 'somebody',
    });
  });

  test.for<readonly [what: string, conditions: Partial<COS.PutObjectCopyParams>, status: number]>([
    ['the etag is this one', { CopySourceIfMatch: ETAG }, 200],
    ['the etag is this one, and it is another', { CopySourceIfMatch: '"0"' }, 412],
    ['the etag is not this one', { CopySourceIfNoneMatch: '"0"' }, 200],
    ['the etag is not this one, and it is', { CopySourceIfNoneMatch: ETAG }, 412],
    ['it was changed since', { CopySourceIfModifiedSince: before }, 200],
    ['it was changed since, and it was not', { CopySourceIfModifiedSince: soon }, 412],
    ['it was not changed since', { CopySourceIfUnmodifiedSince: soon }, 200],
    ['it was not changed since, and it was', { CopySourceIfUnmodifiedSince: before }, 412],
  ])('a source is copied if %s', async ([, conditions, status]) => {
    const { statusCode } = await copy('conditional', conditions).catch((thrown) => thrown);
    expect(statusCode).toBe(status);
  });

  test('a source that is missing is named', async () => {
    const key = await failure(copy('none', { CopySource: sourceOf('from/nothing') }));
    expect(key).toMatchObject({ statusCode: 404, code: 'NoSuchKey' });
    const elsewhere = sourceOf(SOURCE, HOST.replace('shop', 'nowhere'));
    const bucket = await failure(copy('none', { CopySource: elsewhere }));
    expect(bucket).toMatchObject({ statusCode: 404, code: 'NoSuchBucket' });
    const astray = sourceOf(SOURCE, HOST.replace(REGION, 'ap-shanghai'));
    const region = await failure(copy('none', { CopySource: astray }));
    expect(region).toMatchObject({ statusCode: 404, code: 'NoSuchBucket' });
    expect(region.message).toContain(`it is in ${REGION}`);
    const versioned = `${sourceOf(SOURCE)}?versionId=MTg0NDUxNzYzMDc0NDMzNDExOTc`;
    const version = await failure(copy('none', { CopySource: versioned }));
    expect(version).toMatchObject({ statusCode: 404, code: 'NoSuchVersion' });
    // The version of what was stored without versions.
    const only = await copy('only', { CopySource: `${sourceOf(SOURCE)}?versionId=null` });
    expect(only.statusCode).toBe(200);
  });

  test('a copy does not overwrite where the client forbids it', async () => {
    const Headers = { 'x-cos-forbid-overwrite': 'true' };
    await copy('once', { Headers });
    expect(await failure(copy('once', { Headers }))).toMatchObject({ code: 'FileAlreadyExists' });
  });

  test('a copy goes from bucket to bucket and from region to region', async () => {
    const far = { Bucket: `far-${version.replaceAll('.', '-')}-1250000000`, Region: 'ap-beijing' };
    await cos.putBucket(far);
    await cos.putObjectCopy({ ...far, Key: 'there', CopySource: sourceOf(SOURCE) });
    const host = `${far.Bucket}.cos.${far.Region}.myqcloud.com`;
    await copy('back', { CopySource: sourceOf('there', host) });
    expect((await cos.getObject(at('back'))).Body.toString()).toBe('content');
  });

  test('a large object is copied part by part', async () => {
    const bytes = randomBytes(3 * 1024 * 1024 + 5);
    await cos.putObject({ ...at('large'), Body: bytes, 'x-cos-meta-kind': 'large' });
    await cos.sliceCopyFile({
      ...at('large copy'),
      CopySource: sourceOf(at('large').Key),
      CopySliceSize: 1024,
      CopyChunkSize: 1024 * 1024,
    });
    const got = await cos.getObject(at('large copy'));
    expect(got.Body.equals(bytes)).toBe(true);
    expect(got.ETag).toMatch(/^"[0-9a-f]{32}-4"$/);
    const whole = await cos.headObject(at('large'));
    expect(got.headers?.['x-cos-hash-crc64ecma']).toBe(whole.headers?.['x-cos-hash-crc64ecma']);
  });
});
