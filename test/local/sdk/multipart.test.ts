import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type COS from 'cos-nodejs-sdk-v5';
import { afterAll, describe, expect, test } from 'vitest';
import { BUCKET, engineForTests, HOST, REGION, SDKS } from '../engine-for-tests.ts';
import { failure } from './failure.ts';

const started = await engineForTests();
const { engine } = started;
const folder = mkdtempSync(join(tmpdir(), 'darkroom-slices-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await started.stop();
});

const MIB = 1024 * 1024;
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
const PARTS = [Buffer.alloc(MIB, 'one'), Buffer.alloc(MIB + 7, 'two'), Buffer.from('end')];

describe.for(SDKS)('with the Node client %s', ([version, Sdk]) => {
  const cos = started.client(Sdk);
  const where = { Bucket: BUCKET, Region: REGION };
  const at = (name: string) => ({ ...where, Key: `${version}/${name}` });

  async function begun(name: string, more: Partial<COS.MultipartInitParams> = {}) {
    const { UploadId } = await cos.multipartInit({ ...at(name), ...more });
    return { ...at(name), UploadId };
  }

  async function sent(upload: Awaited<ReturnType<typeof begun>>, bodies = PARTS) {
    const parts: COS.Part[] = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const { ETag } = await cos.multipartUpload({ ...upload, PartNumber, Body });
      parts.push({ PartNumber, ETag });
    }
    return parts;
  }

  test('parts become one object, with what was said when the upload began', async () => {
    const upload = await begun('parts', {
      ContentType: 'video/mp4',
      'x-cos-meta-owner': 'somebody',
      StorageClass: 'STANDARD_IA',
    });
    const Parts = await sent(upload);
    expect(Parts.map(({ ETag }) => ETag)).toEqual(PARTS.map((bytes) => `"${md5(bytes)}"`));
    const missing = await failure(cos.headObject(at('parts')));
    expect(missing.statusCode).toBe(404);

    const complete = await cos.multipartComplete({ ...upload, Parts });
    expect(complete).toMatchObject({ Bucket: BUCKET, Key: upload.Key });
    expect(complete.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    const whole = Buffer.concat(PARTS);
    await cos.putObject({ ...at('whole'), Body: whole });
    const { headers } = await cos.headObject(at('whole'));
    const got = await cos.getObject(at('parts'));
    expect(got.Body.equals(whole)).toBe(true);
    expect(got.headers).toMatchObject({
      'content-type': 'video/mp4',
      'x-cos-meta-owner': 'somebody',
      'x-cos-storage-class': 'STANDARD_IA',
      'x-cos-hash-crc64ecma': headers?.['x-cos-hash-crc64ecma'],
      etag: complete.ETag,
    });
    const range = await cos.getObject({ ...at('parts'), Range: `bytes=${MIB - 2}-${MIB + 1}` });
    expect(range.Body).toEqual(whole.subarray(MIB - 2, MIB + 2));
    const again = await failure(cos.multipartComplete({ ...upload, Parts }));
    expect(again).toMatchObject({ statusCode: 404, code: 'NoSuchUpload' });
  });

  test('parts are listed in pages, and a part that is sent again is the later one', async () => {
    const upload = await begun('listed');
    await sent(upload, [Buffer.from('1'), Buffer.from('2'), Buffer.from('3')]);
    await cos.multipartUpload({ ...upload, PartNumber: 2, Body: 'second' });
    const list = await cos.multipartListPart(upload);
    expect(list).toMatchObject({
      Bucket: BUCKET,
      Key: upload.Key,
      UploadId: upload.UploadId,
      StorageClass: 'STANDARD',
      IsTruncated: 'false',
    });
    expect(list.Part.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      ['1', '1'],
      ['2', '6'],
      ['3', '1'],
    ]);
    expect(list.Part[1]?.ETag).toBe(`"${md5(Buffer.from('second'))}"`);
    const page = await cos.multipartListPart({
      ...upload,
      MaxParts: '2',
    } as unknown as COS.MultipartListPartParams);
    expect(page).toMatchObject({ IsTruncated: 'true', NextPartNumberMarker: '2' });
    const rest = await cos.multipartListPart({
      ...upload,
      PartNumberMarker: '2',
    } as unknown as COS.MultipartListPartParams);
    expect(rest.Part.map(({ PartNumber }) => PartNumber)).toEqual(['3']);
    await cos.multipartAbort(upload);
  });

  test('uploads under way are listed by prefix, folded, escaped and in pages', async () => {
    const uploads = [await begun('up/a b'), await begun('up/a b'), await begun('up/sub/c')];
    const Prefix = at('up/').Key;
    const list = (more: object = {}) =>
      cos.multipartList({ ...where, Prefix, ...more } as COS.MultipartListParams);
    const all = await list();
    expect(all.Upload.map(({ Key }) => Key)).toEqual(uploads.map(({ Key }) => Key));
    expect(new Set(all.Upload.map(({ UploadId }) => UploadId))).toEqual(
      new Set(uploads.map(({ UploadId }) => UploadId)),
    );
    const folded = await list({ Delimiter: '/', EncodingType: 'url' });
    expect(folded.Upload.map(({ Key }) => Key)).toEqual([
      `${version}/up/a%20b`,
      `${version}/up/a%20b`,
    ]);
    expect(folded).toMatchObject({ CommonPrefixes: { Prefix: at('up/sub/').Key } });
    const first = await list({ MaxUploads: 1 });
    expect(first).toMatchObject({ IsTruncated: 'true' });
    const second = await list({
      MaxUploads: 1,
      KeyMarker: first.NextKeyMarker,
      UploadIdMarker: first.NextUploadIdMarker,
    });
    expect([first, second].flatMap(({ Upload }) => Upload.map(({ UploadId }) => UploadId))).toEqual(
      all.Upload.slice(0, 2).map(({ UploadId }) => UploadId),
    );
    for (const upload of uploads) await cos.multipartAbort(upload);
    expect((await list()).Upload).toEqual([]);
  });

  test('an aborted upload takes no parts, and leaves nothing', async () => {
    const upload = await begun('aborted');
    await cos.multipartUpload({ ...upload, PartNumber: 1, Body: 'x' });
    expect(await cos.multipartAbort(upload)).toMatchObject({ statusCode: 204 });
    for (const call of [
      cos.multipartUpload({ ...upload, PartNumber: 1, Body: 'x' }),
      cos.multipartListPart(upload),
      cos.multipartAbort(upload),
    ]) {
      expect(await failure(call)).toMatchObject({ statusCode: 404, code: 'NoSuchUpload' });
    }
  });

  test('what cannot be completed says why', async () => {
    const upload = await begun('refused');
    const [one, two, end] = await sent(upload);
    if (!one || !two || !end) throw new Error('A part is missing');
    const refusal = async (Parts: COS.Part[]) => {
      const { code } = await failure(cos.multipartComplete({ ...upload, Parts }));
      return code;
    };
    expect(await refusal([two, one])).toBe('InvalidPartOrder');
    expect(await refusal([{ ...one, ETag: '"0"' }, two])).toBe('InvalidPart');
    expect(await refusal([one, { ...two, PartNumber: 9 }])).toBe('InvalidPart');
    expect(await refusal([one, end, { ...end, PartNumber: 4 }])).toBe('InvalidPart');
    await cos.multipartUpload({ ...upload, PartNumber: 4, Body: 'end' });
    expect(await refusal([one, end, { ...end, PartNumber: 4 }])).toBe('EntityTooSmall');
    expect(await refusal([])).toBe('MalformedXML');
    await cos.multipartComplete({ ...upload, Parts: [one, end] });
    const head = await cos.headObject(at('refused'));
    expect(head.headers).toMatchObject({ 'content-length': String(MIB + 3) });
  });

  test('an upload does not overwrite where completing it forbids that', async () => {
    await cos.putObject({ ...at('taken'), Body: 'first' });
    const upload = await begun('taken');
    const Parts = await sent(upload, [Buffer.from('second')]);
    const Headers = { 'x-cos-forbid-overwrite': 'true' };
    const error = await failure(cos.multipartComplete({ ...upload, Parts, Headers }));
    expect(error).toMatchObject({ statusCode: 409, code: 'FileAlreadyExists' });
    await cos.deleteObject(at('taken'));
    await cos.multipartComplete({ ...upload, Parts, Headers });
    expect((await cos.getObject(at('taken'))).Body.toString()).toBe('second');
  });

  test('a part can be copied, whole or by range', async () => {
    await cos.putObject({ ...at('origin'), Body: PARTS[1] as Buffer });
    const upload = await begun('assembled');
    const CopySource = `${HOST}/${at('origin').Key}`;
    const part = await cos.uploadPartCopy({ ...upload, PartNumber: 1, CopySource });
    expect(part.ETag).toBe(`"${md5(PARTS[1] as Buffer)}"`);
    const CopySourceRange = 'bytes=3-8';
    const range = { ...upload, PartNumber: 2, CopySource, CopySourceRange };
    const second = await cos.uploadPartCopy(range);
    const beyond = { ...range, CopySourceRange: `bytes=0-${MIB * 2}` };
    expect(await failure(cos.uploadPartCopy(beyond))).toMatchObject({ code: 'InvalidRange' });
    const Parts = [part, second].map(({ ETag }, index) => ({ PartNumber: index + 1, ETag }));
    await cos.multipartComplete({ ...upload, Parts });
    const { Body } = await cos.getObject(at('assembled'));
    expect(Body.equals(Buffer.concat([PARTS[1] as Buffer, Buffer.from('twotwo')]))).toBe(true);
  });

  test('a file of more than 5 MB goes up in slices, and on from where another process stopped', async () => {
    const bytes = randomBytes(5 * MIB + 100);
    const FilePath = join(folder, `${version}.bin`);
    writeFileSync(FilePath, bytes);
    const stopped = await begun('sliced');
    await sent(
      stopped,
      [0, 1, 2, 3].map((slice) => bytes.subarray(slice * MIB, (slice + 1) * MIB)),
    );
    engine.requests.clear();

    const upload = await cos.sliceUploadFile({ ...at('sliced'), FilePath, ChunkSize: MIB });
    expect(upload).toMatchObject({ UploadId: stopped.UploadId });
    expect(upload.ETag).toMatch(/^"[0-9a-f]{32}-6"$/);
    const operations = engine.requests.list(100).map(({ operation }) => operation);
    expect(operations.filter((operation) => operation === 'UploadPart')).toHaveLength(2);
    expect((await cos.getObject(at('sliced'))).Body.equals(bytes)).toBe(true);
  });

  test('a file goes up whole or in slices, whichever its size asks for', async () => {
    const [small, large] = [Buffer.from('small'), randomBytes(2 * MIB)];
    for (const [name, bytes] of [
      ['small', small],
      ['large', large],
    ] as const) {
      const FilePath = join(folder, `${version}-${name}`);
      writeFileSync(FilePath, bytes);
      await cos.uploadFile({ ...at(name), FilePath, SliceSize: MIB });
      expect((await cos.getObject(at(name))).Body.equals(bytes)).toBe(true);
    }
  });
});
