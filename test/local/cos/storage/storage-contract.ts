import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Storage } from '../../../../local/cos/storage/storage.ts';
import { Fault } from '../../../../shared/core/fault.ts';
import { crc64 } from '../../../../shared/wire/crc64.ts';
import {
  BUCKET,
  beginUpload,
  bytes,
  collect,
  md5,
  pieces,
  put,
  putPart,
  readAll,
  textAt,
} from './helpers.ts';

export interface OpenedStorage {
  readonly storage: Storage;
  /** Closes it and removes what it left. */
  end(): Promise<void>;
}

/** Larger than what is read and written in one go. */
const LARGE = 700_000;

/** What every storage must do, whatever it is kept in. */
export function storageContract(
  open: (options: { clock: () => number }) => Promise<OpenedStorage>,
): void {
  let opened: OpenedStorage;
  let storage: Storage;
  let now = 0;

  beforeEach(async () => {
    now = 1_700_000_000_000;
    opened = await open({ clock: () => now });
    storage = opened.storage;
    await storage.buckets.create(BUCKET);
  });
  afterEach(() => opened.end());

  describe('buckets', () => {
    test('are created once and listed by name', async () => {
      now += 5;
      const created = await storage.buckets.create('archive-1250000000');
      const again = await storage.buckets.create('archive-1250000000');

      expect(created).toEqual({
        status: 'created',
        bucket: { name: 'archive-1250000000', created: now },
      });
      expect(again).toEqual({ ...created, status: 'exists' });
      expect(storage.buckets.list().map(({ name }) => name)).toEqual([
        'archive-1250000000',
        BUCKET,
      ]);
      expect(storage.buckets.get('other-1250000000')).toBeUndefined();
    });

    test('are removed only when nothing is in them, uploads in progress included', async () => {
      await put(storage, 'a.txt', 'a');
      const upload = await beginUpload(storage, 'b.txt');

      const withBoth = await storage.buckets.remove(BUCKET);
      await storage.objects.remove(BUCKET, 'a.txt');
      const withUpload = await storage.buckets.remove(BUCKET);
      await storage.uploads.abort(upload);
      const empty = await storage.buckets.remove(BUCKET);
      const gone = await storage.buckets.remove(BUCKET);

      expect([withBoth, withUpload, empty, gone].map(({ status }) => status)).toEqual([
        'not-empty',
        'not-empty',
        'removed',
        'no-bucket',
      ]);
      expect(await storage.objects.put(BUCKET, 'a.txt', bytes(1))).toEqual({ status: 'no-bucket' });
    });

    test('keep documents until they are taken away', async () => {
      await storage.buckets.setDocument(BUCKET, 'cors', { rules: [{ origin: '*' }] });
      await storage.buckets.setDocument(BUCKET, '__proto__', 'public-read');

      expect(storage.buckets.document(BUCKET, 'cors')).toEqual({ rules: [{ origin: '*' }] });
      expect(storage.buckets.document(BUCKET, '__proto__')).toBe('public-read');
      await storage.buckets.setDocument(BUCKET, 'cors', undefined);
      expect(storage.buckets.document(BUCKET, 'cors')).toBeUndefined();
      expect(await storage.buckets.setDocument('no-1', 'cors', {})).toEqual({
        status: 'no-bucket',
      });
    });

    test('cannot have names that are no file names', async () => {
      for (const name of ['', '../up', 'a/b', 'A', '.a', 'a\0b', 'x'.repeat(101)]) {
        await expect(storage.buckets.create(name)).rejects.toThrow(
          expect.objectContaining({ code: 'STORAGE_NAME_INVALID' }),
        );
      }
    });
  });

  describe('objects', () => {
    test('come back with their bytes, sums and everything said about them', async () => {
      const body = bytes(10_240);
      const describe = {
        contentType: 'image/png',
        headers: { 'cache-control': 'no-cache' },
        metadata: { ['__proto__']: 'x', colour: '蓝' },
        storageClass: 'STANDARD_IA',
        acl: { grants: ['read'] },
        tags: [{ key: 'team', value: 'shop' }],
        writtenBy: 'engine',
      };
      const outcome = await storage.objects.put(BUCKET, 'a/mug.png', body, { describe });

      expect(outcome).toMatchObject({ status: 'stored', replaced: undefined });
      const record = storage.objects.head(BUCKET, 'a/mug.png');
      expect(record).toEqual({
        ...describe,
        bucket: BUCKET,
        key: 'a/mug.png',
        size: 10_240,
        etag: md5(body),
        crc64: crc64(body),
        modified: now,
        seq: expect.any(Number),
        file: expect.stringMatching(/\.png$/),
        parts: undefined,
        appendable: false,
      });
      expect(await readAll(storage.objects.get(BUCKET, 'a/mug.png'))).toEqual(body);
    });

    test.for([0, 1, 131_072, 131_073, LARGE, 3_000_000])(
      'of %i bytes are the same from a buffer and from a stream',
      async (size) => {
        const body = bytes(size);
        await storage.objects.put(BUCKET, 'buffer', body);
        await storage.objects.put(BUCKET, 'stream', pieces(body, 65_536));

        const buffered = storage.objects.get(BUCKET, 'buffer');
        const streamed = storage.objects.get(BUCKET, 'stream');
        expect(streamed?.record.etag).toBe(md5(body));
        expect(streamed?.record.crc64).toBe(crc64(body));
        expect(buffered?.record).toMatchObject({ size, etag: md5(body), crc64: crc64(body) });
        expect((await readAll(buffered))?.equals(body)).toBe(true);
        expect((await readAll(streamed))?.equals(body)).toBe(true);
      },
    );

    test.for([1000, LARGE])('of %i bytes are read in part', async (size) => {
      const body = bytes(size);
      await storage.objects.put(BUCKET, 'a', body);

      for (const [start, end] of [
        [0, 0],
        [10, 99],
        [size - 1, size - 1],
        [0, size - 1],
      ] as const) {
        const object = storage.objects.get(BUCKET, 'a');
        const part = object && (await collect(object.read({ start, end })));
        expect(part?.equals(body.subarray(start, end + 1))).toBe(true);
      }
    });

    test.for([
      ['incomplete', { size: 11 }],
      ['too-large', { size: 9 }],
      ['too-large', { maxSize: 9 }],
      ['too-small', { minSize: 11 }],
      ['md5-differs', { md5: md5(Buffer.from('other')) }],
    ] as const)('whose body is %s for %j are not stored', async ([because, expected]) => {
      for (const body of [Buffer.from('ten bytes.'), pieces(Buffer.from('ten bytes.'), 3)]) {
        const outcome = await storage.objects.put(BUCKET, 'a', body, { expect: expected });
        expect(outcome).toEqual({ status: 'body-refused', because });
      }
      expect(storage.objects.head(BUCKET, 'a')).toBeUndefined();
    });

    test('whose client goes away half-way leave what was there before', async () => {
      await put(storage, 'a', 'before');
      for (const size of [10, LARGE]) {
        const outcome = await storage.objects.put(
          BUCKET,
          'a',
          breakingOff(size, new Error('gone')),
        );
        expect(outcome).toEqual({ status: 'body-refused', because: 'incomplete' });
      }
      expect(await textAt(storage, 'a')).toBe('before');
    });

    test('whose source names a fault fail with that fault', async () => {
      const fault = new Fault('INPUT_TOO_LARGE', 'A chunk is too large');
      await expect(storage.objects.put(BUCKET, 'a', breakingOff(LARGE, fault))).rejects.toBe(fault);
    });

    test('are written by one of many that want to be the first', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, number) =>
          storage.objects.put(BUCKET, 'lock', Buffer.from(`${number}`), { onlyIf: 'absent' }),
        ),
      );

      const stored = outcomes.filter(({ status }) => status === 'stored');
      expect(stored).toHaveLength(1);
      const late = await storage.objects.put(BUCKET, 'lock', bytes(1), { onlyIf: 'absent' });
      expect(late).toMatchObject({
        status: 'condition-failed',
        current: { key: 'lock', etag: storage.objects.head(BUCKET, 'lock')?.etag },
      });
    });

    test('are replaced only where they are what was expected', async () => {
      const { etag } = await put(storage, 'a', 'one');

      const outcomes = await Promise.all(
        ['two', 'three'].map((text) =>
          storage.objects.put(BUCKET, 'a', Buffer.from(text), { onlyIf: { etag } }),
        ),
      );

      const [winner] = outcomes.filter(({ status }) => status === 'stored');
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['condition-failed', 'stored']);
      expect(winner).toMatchObject({ record: storage.objects.head(BUCKET, 'a') });
    });

    test.for([10, LARGE])(
      'of %i bytes that are being read stay whole while they are replaced and removed',
      async (size) => {
        const body = bytes(size);
        await storage.objects.put(BUCKET, 'a', body);
        const first = storage.objects.get(BUCKET, 'a');
        await storage.objects.put(BUCKET, 'a', bytes(size, 2));
        const second = storage.objects.get(BUCKET, 'a');
        await storage.objects.remove(BUCKET, 'a');

        expect((await readAll(first))?.equals(body)).toBe(true);
        expect((await readAll(second))?.equals(bytes(size, 2))).toBe(true);
        expect(storage.objects.get(BUCKET, 'a')).toBeUndefined();
      },
    );

    test('are removed once', async () => {
      const record = await put(storage, 'a', 'x');
      expect(await storage.objects.remove(BUCKET, 'a')).toEqual({ status: 'removed', record });
      expect(await storage.objects.remove(BUCKET, 'a')).toEqual({ status: 'no-object' });
      expect(await storage.objects.remove('no-1', 'a')).toEqual({ status: 'no-bucket' });
    });

    test('can be described anew without touching bytes or date', async () => {
      const before = await put(storage, 'a', 'x', { describe: { metadata: { a: 'b' } } });
      now += 1000;
      const tags = [{ key: 'k', value: 'v' }];
      const outcome = await storage.objects.update(BUCKET, 'a', { tags, acl: { owner: 'me' } });

      const after = { ...before, tags, acl: { owner: 'me' }, seq: expect.any(Number) };
      expect(outcome).toEqual({ status: 'updated', record: after });
      expect(storage.objects.head(BUCKET, 'a')).toEqual(after);
      expect(await storage.objects.update(BUCKET, 'b', { tags })).toEqual({ status: 'no-object' });
      expect(await storage.objects.update('no-1', 'a', { tags })).toEqual({ status: 'no-bucket' });
    });

    test('are numbered in the order of their changes', async () => {
      const first = await put(storage, 'a', '1');
      const second = await put(storage, 'b', '2');
      await storage.objects.remove(BUCKET, 'b');
      const third = await put(storage, 'a', '3');
      expect(second.seq).toBeGreaterThan(first.seq);
      expect(third.seq).toBeGreaterThan(second.seq + 1);
    });
  });

  describe('keys', () => {
    const ODD = [
      'a',
      'a/b',
      'a/../b',
      '..',
      '../../../../etc/passwd',
      '/',
      '//',
      'a//b',
      ' ',
      'a\0b',
      '\0',
      '\x01',
      '\u007f',
      'é',
      '图片/猫.jpg',
      '\uffee',
      '😀',
      'a.jpg/',
      'con.png',
      'x.verylongextension1234',
      'y.$(sh)',
      '__proto__',
      'constructor',
      '水'.repeat(283),
      'k'.repeat(850),
    ];

    test('of any bytes are stored apart and listed in the order of their UTF-8 bytes', async () => {
      for (const key of ODD) await put(storage, key, `this is ${key}`);

      for (const key of ODD) expect(await textAt(storage, key)).toBe(`this is ${key}`);
      const inOrder = [...ODD].sort((one, other) =>
        Buffer.compare(Buffer.from(one), Buffer.from(other)),
      );
      expect(storage.objects.list(BUCKET).objects.map(({ key }) => key)).toEqual(inOrder);
    });

    test.for([
      ['nothing', ''],
      ['851 bytes', 'k'.repeat(851)],
      ['852 bytes of few letters', '水'.repeat(284)],
    ] as const)('cannot be %s', async ([, key]) => {
      const invalid = expect.objectContaining({ code: 'STORAGE_NAME_INVALID' });
      await expect(storage.objects.put(BUCKET, key, bytes(1))).rejects.toThrow(invalid);
      await expect(storage.objects.append(BUCKET, key, 0, bytes(1))).rejects.toThrow(invalid);
      await expect(storage.uploads.create(BUCKET, key)).rejects.toThrow(invalid);
      expect(storage.objects.get(BUCKET, key)).toBeUndefined();
      expect(await storage.objects.remove(BUCKET, key)).toEqual({ status: 'no-object' });
    });
  });

  describe('copies', () => {
    test('have the bytes of the source and a life of their own', async () => {
      const body = bytes(LARGE);
      await storage.objects.put(BUCKET, 'a.png', body, { describe: { contentType: 'image/png' } });
      const source = storage.objects.head(BUCKET, 'a.png');
      if (!source) throw new Error('not stored');
      now += 10;

      const copied = await storage.objects.copy(source, BUCKET, 'b.png');
      const described = await storage.objects.copy(source, BUCKET, 'c.png', {
        describe: { contentType: 'image/jpeg' },
      });
      await storage.objects.put(BUCKET, 'a.png', bytes(3));

      const { size, etag, crc64: sum } = source;
      expect(copied).toMatchObject({
        status: 'stored',
        record: { key: 'b.png', size, etag, crc64: sum, contentType: 'image/png', modified: now },
      });
      expect(described).toMatchObject({ record: { contentType: 'image/jpeg' } });
      expect((await readAll(storage.objects.get(BUCKET, 'b.png')))?.equals(body)).toBe(true);
      await storage.objects.remove(BUCKET, 'b.png');
      expect((await readAll(storage.objects.get(BUCKET, 'c.png')))?.equals(body)).toBe(true);
    });

    test('can replace their own source', async () => {
      const source = await put(storage, 'a', 'x');
      await storage.objects.copy(source, BUCKET, 'a', { describe: { metadata: { new: '1' } } });
      expect(storage.objects.head(BUCKET, 'a')?.metadata).toEqual({ new: '1' });
      expect(await textAt(storage, 'a')).toBe('x');
    });

    test('are refused when the source is gone, the bucket is not there or the key is taken', async () => {
      const source = await put(storage, 'a', 'x');
      await put(storage, 'b', 'y');
      const status = async (bucket: string, onlyIf?: 'absent') =>
        (await storage.objects.copy(source, bucket, 'b', { onlyIf })).status;

      expect(await status('no-1')).toBe('no-bucket');
      expect(await status(BUCKET, 'absent')).toBe('condition-failed');
      await storage.objects.remove(BUCKET, 'a');
      expect(await status(BUCKET)).toBe('source-gone');
      expect(await textAt(storage, 'b')).toBe('y');
    });
  });

  describe('appending', () => {
    const append = (position: number, text: string) =>
      storage.objects.append(BUCKET, 'log.txt', position, Buffer.from(text));

    test('grows an object with the sums of the whole', async () => {
      await append(0, 'one ');
      await append(4, 'two ');
      const outcome = await append(8, 'three');

      const whole = Buffer.from('one two three');
      expect(outcome).toMatchObject({
        status: 'stored',
        record: { size: 13, etag: md5(whole), crc64: crc64(whole), appendable: true },
      });
      expect(await textAt(storage, 'log.txt')).toBe('one two three');
    });

    test('takes pieces of any size', async () => {
      const whole = bytes(LARGE + 10);
      await storage.objects.append(BUCKET, 'a', 0, whole.subarray(0, 10));
      const rest = pieces(whole.subarray(10), 50_000);
      const outcome = await storage.objects.append(BUCKET, 'a', 10, rest);

      expect(outcome).toMatchObject({ record: { etag: md5(whole), crc64: crc64(whole) } });
      expect((await readAll(storage.objects.get(BUCKET, 'a')))?.equals(whole)).toBe(true);
    });

    test('happens only at the end, and only to objects that began so', async () => {
      await put(storage, 'plain', 'x');
      expect(await append(1, 'x')).toEqual({ status: 'position-differs', size: 0 });
      await append(0, 'abc');
      expect(await append(2, 'x')).toEqual({ status: 'position-differs', size: 3 });
      expect(await storage.objects.append(BUCKET, 'plain', 1, bytes(1))).toEqual({
        status: 'not-appendable',
      });
      expect(await storage.objects.append('no-1', 'a', 0, bytes(1))).toEqual({
        status: 'no-bucket',
      });
    });

    test('of many at one position is done by one', async () => {
      await append(0, 'abc');
      const outcomes = await Promise.all(['x', 'y', 'z'].map((text) => append(3, text)));
      expect(outcomes.map(({ status }) => status).sort()).toEqual([
        'position-differs',
        'position-differs',
        'stored',
      ]);
      expect(storage.objects.head(BUCKET, 'log.txt')?.size).toBe(4);
    });

    test('that breaks off changes nothing, also for whoever appends next', async () => {
      await append(0, 'abc');
      const broken = breakingOff(LARGE, new Error('gone'));
      expect(await storage.objects.append(BUCKET, 'log.txt', 3, broken)).toEqual({
        status: 'body-refused',
        because: 'incomplete',
      });
      expect(await textAt(storage, 'log.txt')).toBe('abc');
      await append(3, 'd');
      expect(await textAt(storage, 'log.txt')).toBe('abcd');
    });

    test('leaves copies and readers of the object alone', async () => {
      await append(0, 'abc');
      const record = storage.objects.head(BUCKET, 'log.txt');
      if (!record) throw new Error('not stored');
      await storage.objects.copy(record, BUCKET, 'copy.txt');
      await append(3, 'def');

      expect(await textAt(storage, 'copy.txt')).toBe('abc');
      expect(storage.objects.head(BUCKET, 'copy.txt')?.appendable).toBe(false);
      await storage.objects.copy(record, BUCKET, 'late.txt');
      expect(await textAt(storage, 'late.txt')).toBe('abc');
    });

    test('to what a put replaced meanwhile is refused', async () => {
      await append(0, 'abc');
      const body = (async function* () {
        await put(storage, 'log.txt', 'other');
        yield Buffer.from('def');
      })();
      expect(await storage.objects.append(BUCKET, 'log.txt', 3, body)).toEqual({
        status: 'not-appendable',
      });
      expect(await textAt(storage, 'log.txt')).toBe('other');
    });
  });

  describe('lists', () => {
    const list = (options: object) => {
      const { objects, prefixes, next } = storage.objects.list(BUCKET, options);
      return { keys: objects.map(({ key }) => key), prefixes, next };
    };

    beforeEach(async () => {
      const keys = ['a/1', 'a/2', 'a/b/3', 'b', 'b/', 'b/1', 'c', 'd/e/f', 'ä'];
      await Promise.all(keys.map((key) => put(storage, key, key)));
    });

    test.for([
      [{}, ['a/1', 'a/2', 'a/b/3', 'b', 'b/', 'b/1', 'c', 'd/e/f', 'ä'], [], undefined],
      [{ prefix: 'a/' }, ['a/1', 'a/2', 'a/b/3'], [], undefined],
      [{ prefix: 'a', delimiter: '/' }, [], ['a/'], undefined],
      [{ prefix: 'a/', delimiter: '/' }, ['a/1', 'a/2'], ['a/b/'], undefined],
      [{ delimiter: '/' }, ['b', 'c', 'ä'], ['a/', 'b/', 'd/'], undefined],
      [
        { delimiter: '/e/' },
        ['a/1', 'a/2', 'a/b/3', 'b', 'b/', 'b/1', 'c', 'ä'],
        ['d/e/'],
        undefined,
      ],
      [{ delimiter: '/', max: 2 }, ['b'], ['a/'], 'b'],
      [{ delimiter: '/', max: 3 }, ['b'], ['a/', 'b/'], 'b/'],
      [{ delimiter: '/', marker: 'b/', max: 2 }, ['c'], ['d/'], 'd/'],
      [{ delimiter: '/', marker: 'd/' }, ['ä'], [], undefined],
      [{ delimiter: '/', marker: 'a/1', max: 1 }, [], ['a/'], 'a/'],
      [{ marker: 'a/2', max: 2 }, ['a/b/3', 'b'], [], 'b'],
      [{ prefix: 'b/', marker: 'b/' }, ['b/1'], [], undefined],
      [{ prefix: 'b', marker: 'a' }, ['b', 'b/', 'b/1'], [], undefined],
      [{ prefix: 'b', marker: 'c' }, [], [], undefined],
      [{ max: 0 }, [], [], undefined],
    ] as const)('%j give their keys and common prefixes', ([options, keys, prefixes, next]) => {
      expect(list(options)).toEqual({ keys, prefixes, next });
    });

    test('take markers and prefixes longer than any key', () => {
      expect(list({ marker: 'x'.repeat(2000) }).keys).toEqual(['ä']);
      expect(list({ prefix: 'x'.repeat(2000) }).keys).toEqual([]);
    });

    test('of a bucket that is not there are empty', () => {
      expect(storage.objects.list('no-1').objects).toEqual([]);
    });
  });

  describe('uploads', () => {
    test('become one object of the parts that are named', async () => {
      const created = await storage.uploads.create(BUCKET, 'big.bin', { contentType: 'x/y' });
      if (created.status !== 'created') throw new Error(created.status);
      const { upload } = created;
      const bodies = [bytes(200_000, 1), bytes(200_000, 2), bytes(50, 3)];
      const parts = await Promise.all(
        bodies.map((body, at) => putPart(storage, upload, at + 1, body)),
      );
      now += 7;
      const outcome = await storage.uploads.complete(upload, parts);

      const whole = Buffer.concat(bodies);
      const sums = Buffer.concat(bodies.map((body) => Buffer.from(md5(body), 'hex')));
      expect(outcome).toMatchObject({
        status: 'stored',
        record: {
          size: whole.length,
          etag: `${md5(sums)}-3`,
          crc64: crc64(whole),
          parts: 3,
          contentType: 'x/y',
          modified: now,
        },
      });
      expect((await readAll(storage.objects.get(BUCKET, 'big.bin')))?.equals(whole)).toBe(true);
      expect(await storage.uploads.complete(upload, parts)).toEqual({ status: 'no-upload' });
      expect(storage.uploads.get(upload)).toBeUndefined();
    });

    test.for([
      ['in another order', [3, 1, 2], [1, 2, 3], [200, 200, 50]],
      ['of different sizes', [1, 2, 3], [1, 2, 3], [10, 500, 300]],
      ['some of them sent twice', [1, 2, 1, 3, 2], [1, 2, 3], [200, 200, 50]],
      ['some of them left out', [1, 2, 3, 4], [2, 4], [200, 200, 50, 20]],
      ['far apart', [1, 5000, 10_000], [1, 5000, 10_000], [20, 20, 20]],
      ['a small one first', [3, 2, 1], [1, 2, 3], [200, 200, 50]],
      ['one empty', [1, 2], [1, 2], [0, 5]],
    ] as const)('are put together right from parts %s', async ([, sent, named, sizes]) => {
      const upload = await beginUpload(storage, 'a');
      const latest = new Map<number, { etag: string; body: Buffer }>();
      for (const [turn, number] of sent.entries()) {
        const size = sizes[[...new Set(sent)].sort((a, b) => a - b).indexOf(number)] ?? 0;
        const body = bytes(size, turn + 1);
        const { etag } = await putPart(storage, upload, number, body);
        latest.set(number, { etag, body });
      }

      const parts = named.map((number) => ({ number, etag: latest.get(number)?.etag ?? '' }));
      const whole = Buffer.concat(named.map((number) => latest.get(number)?.body ?? bytes(0)));
      expect(await storage.uploads.complete(upload, parts)).toMatchObject({
        status: 'stored',
        record: { size: whole.length, crc64: crc64(whole) },
      });
      expect((await readAll(storage.objects.get(BUCKET, 'a')))?.equals(whole)).toBe(true);
    });

    test('say which part is wrong, and stay as they are', async () => {
      const upload = await beginUpload(storage, 'a');
      const first = await putPart(storage, upload, 1, bytes(10));
      const second = await putPart(storage, upload, 2, bytes(20));
      const third = await putPart(storage, upload, 3, bytes(5));
      const complete = (...parts: { number: number; etag: string }[]) =>
        storage.uploads.complete(upload, parts, { minPartSize: 15 });

      expect(await complete()).toEqual({ status: 'no-parts' });
      expect(await complete(second, first)).toEqual({ status: 'parts-unordered', number: 1 });
      expect(await complete(second, second)).toEqual({ status: 'parts-unordered', number: 2 });
      expect(await complete(second, { number: 7, etag: 'x' })).toEqual({
        status: 'part-unknown',
        number: 7,
      });
      expect(await complete({ ...second, etag: first.etag })).toEqual({
        status: 'part-unknown',
        number: 2,
      });
      expect(await complete(first, second)).toEqual({
        status: 'part-too-small',
        number: 1,
        size: 10,
      });
      expect(await complete(second, third)).toMatchObject({ status: 'stored' });
    });

    test('list their parts page by page', async () => {
      const upload = await beginUpload(storage, 'a');
      for (const number of [300, 1, 2]) await putPart(storage, upload, number, bytes(number));

      const { parts, next } = storage.uploads.parts(upload, { max: 2 });
      expect(parts).toEqual([
        { number: 1, size: 1, etag: md5(bytes(1)), crc64: crc64(bytes(1)), modified: now },
        { number: 2, size: 2, etag: md5(bytes(2)), crc64: crc64(bytes(2)), modified: now },
      ]);
      expect(next).toBe(2);
      const rest = storage.uploads.parts(upload, { after: 2, max: 2 });
      expect(rest.parts.map(({ number }) => number)).toEqual([300]);
      expect(rest.next).toBeUndefined();
    });

    test('are listed by key and then by age, page by page', async () => {
      const ids = new Map<string, string[]>();
      for (const key of ['a', 'a\0b', 'a/1', 'a/2', 'a', 'b', 'a']) {
        const { id } = await beginUpload(storage, key);
        ids.set(key, [...(ids.get(key) ?? []), id].sort());
      }
      const expected = ['a', 'a\0b', 'a/1', 'a/2', 'b'].flatMap((key) =>
        (ids.get(key) ?? []).map((id) => `${key} ${id}`),
      );

      const seen: string[] = [];
      let markers: { keyMarker?: string; idMarker?: string | undefined } | undefined = {};
      while (markers) {
        const { keyMarker = '', idMarker = '' } = markers;
        const page = storage.uploads.list(BUCKET, { keyMarker, idMarker, max: 2 });
        seen.push(...page.uploads.map(({ key, id }) => `${key} ${id}`));
        markers = page.next;
      }
      expect(seen).toEqual(expected);
      expect(storage.uploads.list(BUCKET, { keyMarker: 'a' }).uploads[0]?.key).toBe('a\0b');
      expect(storage.uploads.list(BUCKET, { delimiter: '/', prefix: 'a' })).toMatchObject({
        prefixes: ['a/'],
        uploads: [{ key: 'a' }, { key: 'a' }, { key: 'a' }, { key: 'a\0b' }],
      });
    });

    test('are unknown under another key, a wrong id, or once they were aborted', async () => {
      const upload = await beginUpload(storage, 'a');
      const part = await putPart(storage, upload, 1, bytes(10));
      const unknown = { status: 'no-upload' };

      for (const other of [
        { ...upload, key: 'b' },
        { ...upload, id: '0'.repeat(32) },
        { ...upload, id: '../../x' },
        { ...upload, id: 'x'.repeat(5000) },
        { ...upload, bucket: 'no-1' },
      ]) {
        expect(await storage.uploads.put(other, 1, bytes(1))).toEqual(unknown);
        expect(await storage.uploads.complete(other, [part])).toEqual(unknown);
        expect(await storage.uploads.abort(other)).toEqual(unknown);
        expect(storage.uploads.parts(other).parts).toEqual([]);
      }
      expect(await storage.uploads.put(upload, 10_001, bytes(1))).toEqual(unknown);
      expect(await storage.uploads.abort(upload)).toEqual({ status: 'aborted' });
      expect(await storage.uploads.put(upload, 1, bytes(1))).toEqual(unknown);
      expect(await storage.uploads.complete(upload, [part])).toEqual(unknown);
    });

    test('are completed once when two ask at the same time', async () => {
      const upload = await beginUpload(storage, 'a');
      const part = await putPart(storage, upload, 1, bytes(10));
      const outcomes = await Promise.all([
        storage.uploads.complete(upload, [part]),
        storage.uploads.complete(upload, [part]),
        storage.uploads.abort(upload),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['stored', 'no-upload', 'no-upload']);
    });

    test('do not become an object where one must not be', async () => {
      const upload = await beginUpload(storage, 'a');
      const part = await putPart(storage, upload, 1, bytes(10));
      await put(storage, 'a', 'x');

      const refused = await storage.uploads.complete(upload, [part], { onlyIf: 'absent' });
      expect(refused).toMatchObject({ status: 'condition-failed', current: { size: 1 } });
      expect(await storage.uploads.complete(upload, [part])).toMatchObject({
        status: 'stored',
        replaced: { size: 1 },
      });
    });

    test('whose part breaks off do not have that part', async () => {
      const upload = await beginUpload(storage, 'a');
      const broken = breakingOff(LARGE, new Error('gone'));
      const outcome = await storage.uploads.put(upload, 1, broken, { size: 2 * LARGE });
      expect(outcome).toEqual({ status: 'body-refused', because: 'incomplete' });
      expect(storage.uploads.parts(upload).parts).toEqual([]);
    });
  });

  describe('tables', () => {
    test('hold values in the order of their keys', async () => {
      const jobs = storage.table<{ state: string }>('jobs');
      for (const key of ['b', 'a/2', 'ä', 'a/1', 'c']) await jobs.put(key, { state: key });
      await storage.table('jobs.old').put('a', 1);
      await jobs.remove('c');

      const keys = (options?: object) => jobs.range(options).map(([key]) => key);
      expect(jobs.get('b')).toEqual({ state: 'b' });
      expect(jobs.get('x')).toBeUndefined();
      expect(jobs.range()[0]).toEqual(['a/1', { state: 'a/1' }]);
      expect(keys()).toEqual(['a/1', 'a/2', 'b', 'ä']);
      expect(keys({ reverse: true, limit: 2 })).toEqual(['ä', 'b']);
      expect(keys({ prefix: 'a/' })).toEqual(['a/1', 'a/2']);
      expect(keys({ prefix: 'a/', from: 'a/2' })).toEqual(['a/2']);
      expect(keys({ from: 'a/2', to: 'ä' })).toEqual(['a/2', 'b']);
      expect(keys({ from: 'a/2', to: 'ä', reverse: true })).toEqual(['b', 'a/2']);
      expect(keys({ from: 'b', to: 'a' })).toEqual([]);
    });

    test('change one value without anything in between', async () => {
      const counts = storage.table<number>('counts');
      await Promise.all(
        Array.from({ length: 50 }, () => counts.update('a', (count = 0) => count + 1)),
      );
      expect(counts.get('a')).toBe(50);
      expect(await counts.update('a', () => undefined)).toBeUndefined();
      expect(counts.range()).toEqual([]);
    });

    test('are written together or not at all', async () => {
      const good = { table: 'one', key: 'a', value: 1 };
      await storage.write([good, { table: 'two', key: 'b', value: 2 }]);
      await expect(
        storage.write([
          { table: 'one', key: 'a', value: 9 },
          { table: 'two', key: 'x'.repeat(2000), value: 9 },
        ]),
      ).rejects.toThrow(expect.objectContaining({ code: 'STORAGE_NAME_INVALID' }));
      expect(storage.table('one').range()).toEqual([['a', 1]]);
      expect(storage.table('two').range()).toEqual([['b', 2]]);
    });

    test('get what belongs to the change of an object with that change, or not at all', async () => {
      const also = (change: { seq: number; before?: unknown; after?: unknown }) => [
        { table: 'outbox', key: `${change.seq}`, value: [!!change.before, !!change.after] },
      ];
      const outbox = () =>
        storage
          .table('outbox')
          .range()
          .map(([, value]) => value);

      const { seq } = await put(storage, 'a', '1', { also });
      expect(storage.table('outbox').get(`${seq}`)).toEqual([false, true]);
      await storage.objects.put(BUCKET, 'a', bytes(1), { onlyIf: 'absent', also });
      await storage.objects.put('no-1', 'a', bytes(1), { also });
      await storage.objects.remove(BUCKET, 'b', { also });
      expect(outbox()).toHaveLength(1);
      await put(storage, 'a', '2', { also });
      await storage.objects.update(BUCKET, 'a', {}, { also });
      await storage.objects.remove(BUCKET, 'a', { also });
      await storage.objects.append(BUCKET, 'l', 0, bytes(1), { also });
      await storage.objects.append(BUCKET, 'l', 1, bytes(1), { also });
      const upload = await beginUpload(storage, 'u');
      const part = await putPart(storage, upload, 1, bytes(1));
      await storage.uploads.complete(upload, [part], { also });
      expect(outbox()).toEqual([
        [false, true],
        [true, true],
        [true, true],
        [true, false],
        [false, true],
        [true, true],
        [false, true],
      ]);
    });

    test('stop the change of an object when what belongs to it cannot be made', async () => {
      const also = () => {
        throw new Error('no room in the outbox');
      };
      await expect(storage.objects.put(BUCKET, 'a', bytes(1), { also })).rejects.toThrow('no room');
      expect(storage.objects.head(BUCKET, 'a')).toBeUndefined();
    });
  });

  describe('snapshots', () => {
    test('bring everything back as it was', async () => {
      await put(storage, 'a', 'before');
      await storage.objects.append(BUCKET, 'log', 0, Buffer.from('one'));
      await storage.buckets.setDocument(BUCKET, 'cors', [1]);
      await storage.table('jobs').put('j', 1);
      const upload = await beginUpload(storage, 'u');
      const part = await putPart(storage, upload, 1, Buffer.from('part'));
      await storage.snapshots.save('one');

      const later = await put(storage, 'a', 'after');
      await storage.objects.append(BUCKET, 'log', 3, Buffer.from('two'));
      await storage.uploads.abort(upload);
      await storage.table('jobs').put('k', 2);
      await storage.snapshots.reset();
      expect(storage.buckets.list()).toEqual([]);
      expect(storage.table('jobs').range()).toEqual([]);

      for (const _ of ['twice', 'as good as once']) {
        expect(await storage.snapshots.load('one')).toEqual({ status: 'loaded' });
        expect(await textAt(storage, 'a')).toBe('before');
        expect(await textAt(storage, 'log')).toBe('one');
        expect(storage.buckets.document(BUCKET, 'cors')).toEqual([1]);
        expect(storage.table('jobs').range()).toEqual([['j', 1]]);
        await storage.objects.append(BUCKET, 'log', 3, Buffer.from('!'));
        await storage.uploads.complete(upload, [part]);
        expect(await textAt(storage, 'u')).toBe('part');
        expect((await put(storage, 'a', 'again')).seq).toBeGreaterThan(later.seq);
      }
    });

    test('are listed, replaced and removed', async () => {
      await storage.snapshots.save('b');
      await storage.snapshots.save('a');
      await put(storage, 'x', '1');
      await storage.snapshots.save('a');
      expect(await storage.snapshots.list()).toEqual(['a', 'b']);
      await storage.objects.remove(BUCKET, 'x');
      await storage.snapshots.load('a');
      expect(await textAt(storage, 'x')).toBe('1');
      expect(await storage.snapshots.remove('a')).toEqual({ status: 'removed' });
      expect(await storage.snapshots.remove('a')).toEqual({ status: 'no-snapshot' });
      expect(await storage.snapshots.load('a')).toEqual({ status: 'no-snapshot' });
      expect(await textAt(storage, 'x')).toBe('1');
      await expect(storage.snapshots.save('../x')).rejects.toThrow(
        expect.objectContaining({ code: 'STORAGE_NAME_INVALID' }),
      );
    });

    test('do not let in what began before they were loaded', async () => {
      await storage.snapshots.save('empty');
      const body = (async function* () {
        yield bytes(LARGE);
        await storage.snapshots.load('empty');
        yield bytes(10);
      })();
      await expect(storage.objects.put(BUCKET, 'a', body)).rejects.toThrow(
        expect.objectContaining({ code: 'STORAGE_INTERRUPTED' }),
      );
      expect(storage.objects.list(BUCKET).objects).toEqual([]);
    });

    test('hold what was acknowledged and not what was under way', async () => {
      const body = (async function* () {
        yield bytes(LARGE);
        await put(storage, 'before', '1');
        await storage.snapshots.save('one');
        await put(storage, 'after', '1');
        yield bytes(10);
      })();
      expect((await storage.objects.put(BUCKET, 'a', body)).status).toBe('stored');
      await storage.snapshots.load('one');
      expect(storage.objects.list(BUCKET).objects.map(({ key }) => key)).toEqual(['before']);
    });
  });

  test('whatever comes after closing is refused', async () => {
    await put(storage, 'a', 'x');
    await Promise.all([storage.close(), storage.close()]);
    const interrupted = expect.objectContaining({ code: 'STORAGE_INTERRUPTED' });
    await expect(storage.objects.put(BUCKET, 'b', bytes(1))).rejects.toThrow(interrupted);
    await expect(storage.buckets.create('b-1')).rejects.toThrow(interrupted);
    await expect(storage.table('t').put('a', 1)).rejects.toThrow(interrupted);
  });
}

/** A body that ends with an error after some bytes. */
async function* breakingOff(size: number, error: Error): AsyncIterable<Uint8Array> {
  yield bytes(size);
  throw error;
}
