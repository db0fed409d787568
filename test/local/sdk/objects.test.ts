import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type COS from 'cos-nodejs-sdk-v5';
import { afterAll, describe, expect, test } from 'vitest';
import { BUCKET, engineForTests, REGION, SDKS } from '../engine-for-tests.ts';
import { failure } from './failure.ts';

const started = await engineForTests();
const folder = mkdtempSync(join(tmpdir(), 'darkroom-downloads-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await started.stop();
});

const SAMPLE = '[Object Content]';
const SAMPLE_ETAG = '"ee8de918d05640145b18f70f4c3aa602"';
const SAMPLE_CRC = '16749565679157681890';

describe.for(SDKS)('with the Node client %s', ([version, Sdk]) => {
  const cos = started.client(Sdk);
  const at = (name: string) => ({ Bucket: BUCKET, Region: REGION, Key: `${version}/${name}` });

  test('an object is put and got back with its digests', async () => {
    const put = await cos.putObject({ ...at('sample'), Body: SAMPLE });
    expect(put.statusCode).toBe(200);
    expect(put.ETag).toBe(SAMPLE_ETAG);
    expect(put.headers).toMatchObject({ 'x-cos-hash-crc64ecma': SAMPLE_CRC });
    expect(put.RequestId).toMatch(/^[A-Za-z0-9+/]+=*$/);

    const got = await cos.getObject(at('sample'));
    expect(got.Body.toString()).toBe(SAMPLE);
    expect(got.ETag).toBe(SAMPLE_ETAG);
    expect(got.headers).toMatchObject({
      'content-length': '16',
      'accept-ranges': 'bytes',
      'x-cos-hash-crc64ecma': SAMPLE_CRC,
      server: 'tencent-cos',
    });
  });

  test('an empty object, an overwritten one and one from a stream are what was sent', async () => {
    const empty = await cos.putObject({ ...at('body'), Body: '' });
    expect(empty.ETag).toBe('"d41d8cd98f00b204e9800998ecf8427e"');
    expect(empty.headers).toMatchObject({ 'x-cos-hash-crc64ecma': '0' });

    const bytes = Buffer.alloc(600_000, 'stream');
    const stream = new PassThrough();
    stream.end(bytes);
    await cos.putObject({ ...at('body'), Body: stream, ContentLength: bytes.length });
    const got = await cos.getObject(at('body'));
    expect(got.Body.equals(bytes)).toBe(true);

    const chunked = new PassThrough();
    chunked.end('of unknown length');
    await cos.putObject({ ...at('body'), Body: chunked });
    expect((await cos.getObject(at('body'))).Body.toString()).toBe('of unknown length');
  });

  test('the MD5 that a client sends along is compared with the body', async () => {
    const checking = started.client(Sdk, { UploadCheckContentMd5: true });
    await checking.putObject({ ...at('md5'), Body: SAMPLE });
    const wrong = createHash('md5').update('other').digest('base64');
    const error = await failure(
      cos.putObject({ ...at('md5'), Body: 'x', Headers: { 'Content-MD5': wrong } }),
    );
    expect(error).toMatchObject({ statusCode: 400, code: 'BadDigest' });
    expect((await cos.getObject(at('md5'))).Body.toString()).toBe(SAMPLE);
  });

  test.for([
    ['bytes=0-2', '[Ob', 'bytes 0-2/16'],
    ['bytes=13-', 'nt]', 'bytes 13-15/16'],
    ['bytes=-1', ']', 'bytes 15-15/16'],
    ['bytes=10-99', 'ntent]', 'bytes 10-15/16'],
  ] as const)('the range %s is %s', async ([Range, text, contentRange]) => {
    await cos.putObject({ ...at('range'), Body: SAMPLE });
    const got = await cos.getObject({ ...at('range'), Range });
    expect(got.statusCode).toBe(206);
    expect(got.Body.toString()).toBe(text);
    expect(got.headers).toMatchObject({ 'content-range': contentRange });
  });

  test('a range behind the end cannot be satisfied', async () => {
    await cos.putObject({ ...at('range'), Body: SAMPLE });
    const error = await failure(cos.getObject({ ...at('range'), Range: 'bytes=16-' }));
    expect(error).toMatchObject({ statusCode: 416, code: 'InvalidRange' });
  });

  test('conditions on etag and date decide between 200, 304 and 412', async () => {
    await cos.putObject({ ...at('conditional'), Body: SAMPLE });
    const where = at('conditional');
    const soon = new Date(Date.now() + 3_600_000).toUTCString();
    const before = new Date(Date.now() - 3_600_000).toUTCString();
    const status = async (conditions: Partial<COS.GetObjectParams>) => {
      const got = await cos.getObject({ ...where, ...conditions }).catch((thrown) => thrown);
      return got.statusCode;
    };
    expect(await status({ IfMatch: SAMPLE_ETAG })).toBe(200);
    expect(await status({ IfMatch: '"0123"' })).toBe(412);
    expect(await status({ IfNoneMatch: '"0123"' })).toBe(200);
    expect(await status({ IfNoneMatch: SAMPLE_ETAG })).toBe(304);
    expect(await status({ IfUnmodifiedSince: soon })).toBe(200);
    expect(await status({ IfUnmodifiedSince: before })).toBe(412);
    expect(await status({ IfModifiedSince: before })).toBe(200);
    expect(await status({ IfMatch: SAMPLE_ETAG, IfUnmodifiedSince: before })).toBe(200);
    expect(await status({ IfNoneMatch: '"0123"', IfModifiedSince: soon })).toBe(200);
    // The client makes a result of its own from an object that was not modified.
    const unmodified = await cos.headObject({ ...where, Headers: { 'If-Modified-Since': soon } });
    expect(unmodified).toMatchObject({ NotModified: true, statusCode: 304 });
  });

  test('the headers of an answer can be chosen by whoever signs', async () => {
    await cos.putObject({ ...at('overrides'), Body: SAMPLE, ContentType: 'text/plain' });
    const got = await cos.getObject({
      ...at('overrides'),
      ResponseContentType: 'image/png',
      ResponseContentLanguage: 'zh-CN',
      ResponseExpires: 'Wed, 21 Oct 2026 07:28:00 GMT',
      ResponseCacheControl: 'max-age=60',
      ResponseContentDisposition: 'attachment; filename="a b.png"',
      ResponseContentEncoding: 'identity',
    });
    expect(got.headers).toMatchObject({
      'content-type': 'image/png',
      'content-language': 'zh-CN',
      expires: 'Wed, 21 Oct 2026 07:28:00 GMT',
      'cache-control': 'max-age=60',
      'content-disposition': 'attachment; filename="a b.png"',
      'content-encoding': 'identity',
    });
  });

  test('what is said about an object comes back with it, and what is empty does not', async () => {
    await cos.putObject({
      ...at('described'),
      Body: SAMPLE,
      ContentType: 'image/jpeg',
      ContentDisposition: 'inline',
      ContentEncoding: 'gzip',
      Expires: 'Wed, 21 Oct 2026 07:28:00 GMT',
      StorageClass: 'STANDARD_IA',
      'x-cos-meta-owner': 'somebody',
      'x-cos-meta-two-words': 'a b',
    });
    const head = await cos.headObject(at('described'));
    expect(head.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-disposition': 'inline',
      'content-encoding': 'gzip',
      expires: 'Wed, 21 Oct 2026 07:28:00 GMT',
      'x-cos-storage-class': 'STANDARD_IA',
      'x-cos-meta-owner': 'somebody',
      'x-cos-meta-two-words': 'a b',
      'content-length': '16',
    });
    expect(head.headers).not.toHaveProperty('cache-control');
    await cos.putObject({ ...at('described'), Body: SAMPLE, CacheControl: 'no-cache' });
    const again = await cos.headObject(at('described'));
    expect(again.headers).toMatchObject({ 'cache-control': 'no-cache' });
    expect(again.headers).not.toHaveProperty('x-cos-meta-owner');
    expect(again.headers).not.toHaveProperty('x-cos-storage-class');
  });

  test('a missing object is missing for GET and HEAD, and deleting it is no error', async () => {
    const got = await failure(cos.getObject(at('missing')));
    expect(got).toMatchObject({ statusCode: 404, code: 'NoSuchKey' });
    expect(got.RequestId).toBeTruthy();
    const head = await failure(cos.headObject(at('missing')));
    expect(head.statusCode).toBe(404);
    expect(await cos.deleteObject(at('missing'))).toMatchObject({ statusCode: 204 });
  });

  test('a deleted object is gone', async () => {
    await cos.putObject({ ...at('deleted'), Body: SAMPLE });
    expect(await cos.deleteObject(at('deleted'))).toMatchObject({ statusCode: 204 });
    expect((await failure(cos.headObject(at('deleted')))).statusCode).toBe(404);
  });

  test('many objects are deleted at once, and a quiet request hears of failures alone', async () => {
    for (const name of ['many/a', 'many/<b>&', 'many/c d']) {
      await cos.putObject({ ...at(name), Body: SAMPLE });
    }
    const where = { Bucket: BUCKET, Region: REGION };
    const keys = ['many/a', 'many/<b>&', 'many/never'].map((name) => ({ Key: at(name).Key }));
    const deleted = await cos.deleteMultipleObject({ ...where, Objects: keys });
    expect(deleted.Deleted.map(({ Key }) => Key)).toEqual(keys.map(({ Key }) => Key));
    expect(deleted.Error).toEqual([]);
    const quiet = await cos.deleteMultipleObject({
      ...where,
      Objects: [{ Key: at('many/c d').Key }],
      Quiet: true,
    } as COS.DeleteMultipleObjectParams);
    expect(quiet.Deleted).toEqual([]);
    const left = await cos.getBucket({ ...where, Prefix: at('many/').Key });
    expect(left.Contents).toEqual([]);
  });

  test('an object is not overwritten where the client forbids it', async () => {
    const Headers = { 'x-cos-forbid-overwrite': 'true' };
    const once = { ...at('once'), Headers };
    await cos.putObject({ ...once, Body: 'first' });
    const error = await failure(cos.putObject({ ...once, Body: 'second' }));
    expect(error).toMatchObject({ statusCode: 409, code: 'FileAlreadyExists' });
    expect((await cos.getObject(at('once'))).Body.toString()).toBe('first');

    const race = { ...at('raced'), Headers };
    const writers = ['a', 'b', 'c', 'd', 'e', 'f'].map((Body) =>
      cos.putObject({ ...race, Body }).then(
        () => Body,
        () => '',
      ),
    );
    const winners = (await Promise.all(writers)).filter((body) => body !== '');
    expect(winners).toHaveLength(1);
    expect((await cos.getObject(at('raced'))).Body.toString()).toBe(winners[0]);
  });

  test('an object grows where it ends, and nowhere else', async () => {
    const Headers = { 'x-cos-meta-kind': 'log' };
    const first = await cos.appendObject({
      ...at('log'),
      Body: 'one ',
      Position: 0,
      Headers,
    } as COS.AppendObjectParams);
    expect(first.headers).toMatchObject({ 'x-cos-next-append-position': '4' });
    const wrong = await failure(cos.appendObject({ ...at('log'), Body: 'no', Position: 2 }));
    expect(wrong).toMatchObject({ statusCode: 409, code: 'AppendPositionErr' });
    expect(wrong.headers).toMatchObject({ 'x-cos-next-append-position': '4' });
    await cos.appendObject({ ...at('log'), Body: 'two', Position: 4 });

    const got = await cos.getObject(at('log'));
    expect(got.Body.toString()).toBe('one two');
    expect(got.headers).toMatchObject({
      'x-cos-object-type': 'appendable',
      'x-cos-next-append-position': '7',
      'x-cos-meta-kind': 'log',
    });

    await cos.putObject({ ...at('log'), Body: 'put' });
    const refused = await failure(cos.appendObject({ ...at('log'), Body: 'no', Position: 3 }));
    expect(refused).toMatchObject({ statusCode: 409, code: 'ObjectNotAppendable' });
  });

  test('tags are set, read, counted and taken away', async () => {
    await cos.putObject({ ...at('tagged'), Body: SAMPLE });
    // The client makes an empty list of the answer that there are none.
    const none = await cos.getObjectTagging(at('tagged'));
    expect(none).toMatchObject({ statusCode: 404, Tags: [] });

    const Tags = [
      { Key: 'colour', Value: 'red & blue' },
      { Key: '颜色', Value: '<红>' },
    ];
    await cos.putObjectTagging({ ...at('tagged'), Tags });
    expect((await cos.getObjectTagging(at('tagged'))).Tags).toEqual(Tags);
    const head = await cos.headObject(at('tagged'));
    expect(head.headers).toMatchObject({ 'x-cos-tagging-count': '2' });

    await cos.deleteObjectTagging(at('tagged'));
    expect(await cos.getObjectTagging(at('tagged'))).toMatchObject({ statusCode: 404, Tags: [] });

    const Headers = { 'x-cos-tagging': 'a=1&b%20c=2%2B' };
    await cos.putObject({ ...at('tagged'), Body: SAMPLE, Headers });
    expect((await cos.getObjectTagging(at('tagged'))).Tags).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b c', Value: '2+' },
    ]);
    const eleven = Array.from({ length: 11 }, (_, n) => ({ Key: `k${n}`, Value: 'v' }));
    const error = await failure(cos.putObjectTagging({ ...at('tagged'), Tags: eleven }));
    expect(error).toMatchObject({ statusCode: 400, code: 'InvalidTag' });
  });

  test('an object has its own access list, or none and the bucket’s counts', async () => {
    await cos.putObject({ ...at('acl'), Body: SAMPLE });
    expect(await cos.getObjectAcl(at('acl'))).toMatchObject({ ACL: 'default' });
    await cos.putObjectAcl({ ...at('acl'), ACL: 'public-read' });
    const open = await cos.getObjectAcl(at('acl'));
    expect(open).toMatchObject({ ACL: 'public-read' });
    expect(open.Owner).toMatchObject({ ID: 'qcs::cam::uin/1250000000:uin/1250000000' });
    expect(open.Grants).toHaveLength(2);

    const reader = 'id="qcs::cam::uin/100000000011:uin/100000000011"';
    await cos.putObjectAcl({ ...at('acl'), GrantRead: reader });
    expect(await cos.getObjectAcl(at('acl'))).toMatchObject({ GrantRead: reader });

    const policy = {
      Owner: { ID: 'qcs::cam::uin/1250000000:uin/1250000000' },
      Grants: [
        {
          Grantee: { ID: 'qcs::cam::uin/100000000022:uin/100000000022' },
          Permission: 'FULL_CONTROL',
        },
      ],
    };
    await cos.putObjectAcl({
      ...at('acl'),
      AccessControlPolicy: policy,
    } as unknown as COS.PutObjectAclParams);
    expect(await cos.getObjectAcl(at('acl'))).toMatchObject({
      GrantFullControl: 'id="qcs::cam::uin/100000000022:uin/100000000022"',
    });

    await cos.putObject({ ...at('acl'), Body: SAMPLE, ACL: 'public-read', GrantRead: reader });
    expect(await cos.getObjectAcl(at('acl'))).toMatchObject({
      ACL: 'public-read',
      GrantRead: reader,
    });
  });

  test('a download goes to a stream, or in ranges to a file', async () => {
    const bytes = Buffer.alloc(1_500_000, 'download ');
    await cos.putObject({ ...at('large'), Body: bytes });
    const output = new PassThrough();
    const received = buffer(output);
    await Promise.all([cos.getObject({ ...at('large'), Output: output }), received]);
    expect((await received).equals(bytes)).toBe(true);
    const FilePath = join(folder, version);
    await cos.downloadFile({ ...at('large'), FilePath, ChunkSize: 1024 * 1024 });
    expect(readFileSync(FilePath).equals(bytes)).toBe(true);
    const stream = cos.getObjectStream(at('large')) as unknown as NodeJS.ReadableStream;
    expect((await buffer(stream)).equals(bytes)).toBe(true);
  });
});
