import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderStorage } from '../../../../local/cos/storage/folder-storage.ts';
import type { Storage } from '../../../../local/cos/storage/storage.ts';
import {
  BUCKET,
  beginUpload,
  byteFiles,
  bytes,
  filesBelow,
  put,
  putPart,
  readAll,
  temporaryFolder,
  textAt,
} from './helpers.ts';

let folder: ReturnType<typeof temporaryFolder>;
let data: string;
let storage: Storage;
let said: string[];

beforeEach(async () => {
  folder = temporaryFolder();
  data = join(folder.path, 'data');
  said = [];
  await open();
  await storage.buckets.create(BUCKET);
});
afterEach(async () => {
  await storage.close();
  folder.remove();
});

async function open(): Promise<void> {
  storage = await folderStorage(data, { clock: Date.now, say: (line) => said.push(line) });
}

/** Closes, lets something happen to the folder, and opens again. */
async function reopen(meanwhile: () => void = () => {}): Promise<void> {
  await storage.close();
  meanwhile();
  await open();
}

function bytesOf(key: string): string {
  const file = storage.objects.head(BUCKET, key)?.file;
  if (!file) throw new Error(`${key} has no file`);
  return join(objects(), file);
}

const index = () => join(data, 'state-1', 'index');
const objects = () => join(data, 'state-1', 'objects');

describe('a data folder', () => {
  test('has everything again after it was closed', async () => {
    await put(storage, 'a.txt', 'one', { describe: { tags: [{ key: 'k', value: 'v' }] } });
    await storage.buckets.setDocument(BUCKET, 'cors', ['*']);
    await storage.table('jobs').put('j', { state: 'done' });
    await storage.objects.append(BUCKET, 'log', 0, Buffer.from('abc'));
    const upload = await beginUpload(storage, 'u');
    const part = await putPart(storage, upload, 2, bytes(300_000));
    const before = storage.objects.list(BUCKET);
    await reopen();

    expect(storage.objects.list(BUCKET)).toEqual(before);
    expect(storage.buckets.document(BUCKET, 'cors')).toEqual(['*']);
    expect(storage.table('jobs').get('j')).toEqual({ state: 'done' });
    await storage.objects.append(BUCKET, 'log', 3, Buffer.from('def'));
    expect(await textAt(storage, 'log')).toBe('abcdef');
    const first = await putPart(storage, upload, 1, bytes(300_000, 2));
    await storage.uploads.complete(upload, [first, part]);
    const whole = Buffer.concat([bytes(300_000, 2), bytes(300_000)]);
    expect((await readAll(storage.objects.get(BUCKET, 'u')))?.equals(whole)).toBe(true);
    expect(said).toEqual([]);
  });

  test('keeps the bytes of an object in a file that any viewer opens', async () => {
    const picture = bytes(5000);
    await storage.objects.put(BUCKET, 'a/mug.JPG', picture);
    expect(readFileSync(bytesOf('a/mug.JPG'))).toEqual(picture);
    expect(bytesOf('a/mug.JPG')).toMatch(/[0-9a-f]{16}\.JPG$/);
  });

  test.for([
    ['a.tar.gz', '.gz'],
    ['no extension', ''],
    ['folder.d/name', ''],
    ['.hidden', ''],
    ['a/.jpg', ''],
    ['a.j/pg', ''],
    ['a.p\0g', ''],
    ['a.$(x)', ''],
    ['a.elevenletters', ''],
    ['a.', ''],
    ['../../x.png', '.png'],
  ] as const)('calls the file of %j something that ends in %j', async ([key, extension]) => {
    await put(storage, key, 'x');
    const file = storage.objects.head(BUCKET, key)?.file ?? '';
    expect(file).toMatch(/^[0-9]{6}\/[0-9a-f]{16}/);
    expect(file.slice('000001/0123456789abcdef'.length)).toBe(extension);
  });

  test('lets nothing out of it, whatever keys and ids say', async () => {
    for (const key of ['../x', '/etc/x', '..', 'a/../../../x', '..\\x']) {
      await put(storage, key, 'x');
      const upload = await beginUpload(storage, key);
      await putPart(storage, upload, 1, bytes(10));
    }
    expect(readdirSync(folder.path)).toEqual(['data']);
    expect(byteFiles(data)).toHaveLength(10);
  });

  test('does not write the bytes of a copy or of an upload in parts a second time', async () => {
    const source = await put(storage, 'a', 'x');
    await storage.objects.copy(source, BUCKET, 'b');
    expect(statSync(bytesOf('b')).ino).toBe(statSync(bytesOf('a')).ino);

    const upload = await beginUpload(storage, 'u');
    const parts = [];
    for (const number of [2, 1, 3]) {
      parts.push(await putPart(storage, upload, number, bytes(number === 3 ? 50 : 100)));
    }
    const [written] = byteFiles(data).filter((file) => file.includes(upload.id));
    const { ino } = statSync(join(data, written ?? ''));
    parts.sort((one, other) => one.number - other.number);
    await storage.uploads.complete(upload, parts);
    expect(statSync(bytesOf('u')).ino).toBe(ino);
    expect(byteFiles(data)).toHaveLength(3);
  });

  test('leaves no bytes behind of what was refused, replaced, removed or aborted', async () => {
    await put(storage, 'a', 'one');
    await put(storage, 'a', 'two');
    await put(storage, 'b', 'x');
    await storage.objects.remove(BUCKET, 'b');
    await storage.objects.put(BUCKET, 'a', bytes(10), { onlyIf: 'absent' });
    await storage.objects.put(BUCKET, 'c', bytes(700_000), { expect: { md5: '0' } });
    const upload = await beginUpload(storage, 'u');
    await putPart(storage, upload, 1, bytes(10));
    await putPart(storage, upload, 1, bytes(20));
    await putPart(storage, upload, 1, bytes(20));
    await storage.uploads.abort(upload);
    await storage.close();
    expect(byteFiles(data)).toEqual([expect.stringContaining('state-1/objects/000001/')]);
  });

  test('writes over the file of a small object that was replaced, once nobody else has it', async () => {
    const inode = (key: string) => statSync(bytesOf(key)).ino;
    await put(storage, 'a', 'a long text');
    const first = inode('a');
    await put(storage, 'a', 'two');
    await put(storage, 'b', 'three');
    expect(inode('b')).toBe(first);
    expect(readFileSync(bytesOf('b'), 'utf8')).toBe('three');

    const source = storage.objects.head(BUCKET, 'b');
    if (!source) throw new Error('not stored');
    await storage.objects.copy(source, BUCKET, 'copy');
    await storage.snapshots.save('one');
    await put(storage, 'b', 'four');
    await put(storage, 'a', 'five');
    await put(storage, 'c', 'six');
    expect(await textAt(storage, 'copy')).toBe('three');
    await storage.snapshots.load('one');
    expect(await textAt(storage, 'a')).toBe('two');
    expect(await textAt(storage, 'b')).toBe('three');
  });

  test('leaves nothing behind of parts that were on their way when their upload ended', async () => {
    for (const [said, status] of [
      [600_010, 'no-upload'],
      [undefined, 'no-upload'],
      [700_000, 'body-refused'],
    ] as const) {
      const upload = await beginUpload(storage, 'u');
      const body = (async function* () {
        yield bytes(600_000);
        await storage.uploads.abort(upload);
        yield bytes(10);
      })();
      const outcome = await storage.uploads.put(upload, 1, body, { size: said });
      expect(outcome.status).toBe(status);
    }
    expect(readdirSync(join(data, 'state-1', 'uploads'))).toEqual([]);
  });

  test('loses a folder of objects with the last of them', async () => {
    const keys = Array.from({ length: 1005 }, (_, number) => `${number}`);
    await Promise.all(keys.map((key) => put(storage, key, key)));
    const folders = keys.map((key) => storage.objects.head(BUCKET, key)?.file.slice(0, 6));
    const inFirst = keys.filter((_, number) => folders[number] === '000001');
    expect(inFirst).toHaveLength(1000);
    expect(readdirSync(objects())).toEqual(['000001', '000002']);

    await Promise.all(inFirst.map((key) => storage.objects.remove(BUCKET, key)));
    expect(readdirSync(objects())).toEqual(['000002']);
    await reopen();
    expect(storage.objects.list(BUCKET).objects).toHaveLength(5);
  });

  test('says so when the bytes of an object were taken away or cut short', async () => {
    await put(storage, 'small', 'x');
    await storage.objects.put(BUCKET, 'large', bytes(500_000));
    truncateSync(bytesOf('large'), 400_000);
    rmSync(bytesOf('small'));
    const unreadable = expect.objectContaining({ code: 'DATA_FOLDER_UNREADABLE' });
    expect(() => storage.objects.get(BUCKET, 'small')).toThrow(unreadable);
    expect(() => storage.objects.get(BUCKET, 'large')).toThrow(unreadable);
  });

  test('removes at the start what an engine that was killed left unfinished', async () => {
    await put(storage, 'a', 'one');
    await storage.objects.append(BUCKET, 'log', 0, Buffer.from('abc'));
    await storage.objects.append(BUCKET, 'log', 3, Buffer.from('def'));
    const upload = await beginUpload(storage, 'u');
    const part = await putPart(storage, upload, 1, bytes(10));
    const log = bytesOf('log');
    const whole = filesBelow(data).filter((file) => !file.includes('index'));
    const state = join(data, 'state-1');
    await reopen(() => {
      appendFileSync(log, 'half of what was being appen');
      writeFileSync(join(objects(), '000001', '0123456789abcdef.jpg'), 'half');
      writeFileSync(join(objects(), '000001', 'objects.jsonl.new'), 'half');
      appendFileSync(join(objects(), '000001', 'objects.jsonl'), '{"key":"half');
      mkdirSync(join(objects(), '000002'));
      writeFileSync(join(objects(), '000002', '0123456789abcdef'), 'half');
      writeFileSync(join(state, 'uploads', upload.id, '7-0123456789abcdef'), 'half');
      mkdirSync(join(state, 'uploads', 'f'.repeat(32)));
      writeFileSync(join(state, 'uploads', 'f'.repeat(32), 'parts'), 'half');
      cpSync(state, join(data, 'state-2'), { recursive: true });
      cpSync(state, join(data, 'snapshots', '.half'), { recursive: true });
    });

    expect(filesBelow(data).filter((file) => !file.includes('index'))).toEqual(whole);
    expect(readFileSync(log, 'utf8')).toBe('abcdef');
    await put(storage, 'after', 'the half line');
    await storage.uploads.complete(upload, [part]);
    await reopen(() => rmSync(index(), { recursive: true }));
    expect(storage.objects.list(BUCKET).objects.map(({ key }) => key)).toEqual([
      'a',
      'after',
      'log',
      'u',
    ]);
  });

  test('is refused to a second engine, and free once the first has closed', async () => {
    const second = () => folderStorage(data, { clock: Date.now });
    await expect(second()).rejects.toThrow(
      expect.objectContaining({
        code: 'DATA_FOLDER_IN_USE',
        message: expect.stringContaining(data),
      }),
    );
    await put(storage, 'a', 'still works');
    await storage.close();
    await open();
    expect(await textAt(storage, 'a')).toBe('still works');
  });

  test('cannot be where there is a file', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    for (const path of [join(folder.path, 'file'), join(folder.path, 'file', 'data')]) {
      await expect(folderStorage(path, { clock: Date.now })).rejects.toThrow(
        expect.objectContaining({ code: 'DATA_FOLDER_UNWRITABLE' }),
      );
    }
  });

  test('of another format is left alone', async () => {
    await put(storage, 'a', 'x');
    await storage.close();
    const pointer = join(data, 'storage.json');
    const known = readFileSync(pointer, 'utf8');
    for (const text of ['"format":2,"state":"state-1"', '"format":1,"state":"state-9"', '']) {
      writeFileSync(pointer, `{${text}}`);
      await expect(open()).rejects.toThrow(
        expect.objectContaining({ code: 'DATA_FOLDER_UNREADABLE' }),
      );
    }
    writeFileSync(pointer, known);
    await open();
    expect(await textAt(storage, 'a')).toBe('x');
  });

  test('keeps a snapshot as a folder that can stand for itself', async () => {
    await put(storage, 'a', 'x');
    await storage.table('jobs').put('j', 1);
    await storage.snapshots.save('one');
    const copy = join(folder.path, 'copy');
    mkdirSync(copy);
    cpSync(join(data, 'snapshots', 'one'), join(copy, 'state-1'), { recursive: true });

    const other = await folderStorage(copy, { clock: Date.now });
    expect(await textAt(other, 'a')).toBe('x');
    expect(other.table('jobs').get('j')).toBe(1);
    await other.close();
  });
});

describe('an index that is lost or damaged', () => {
  const file = () => join(index(), 'data.mdb');
  const overwriteFrom = (start: number, byte: number) => () => {
    const content = readFileSync(file());
    writeFileSync(file(), content.fill(byte, start));
  };

  async function fill(): Promise<void> {
    const keys = Array.from({ length: 1500 }, (_, number) => `key ${number}`);
    await Promise.all(keys.map((key) => put(storage, key, key)));
    await put(storage, 'a', 'one');
    await put(storage, 'a', 'two', { describe: { metadata: { colour: 'red' } } });
    await storage.objects.update(BUCKET, 'a', { tags: [{ key: 'k', value: 'v' }] });
    await put(storage, 'gone', 'x');
    await storage.objects.remove(BUCKET, 'gone');
    await storage.objects.append(BUCKET, 'log', 0, Buffer.from('abc'));
    await storage.objects.append(BUCKET, 'log', 3, Buffer.from('def'));
    await storage.buckets.create('empty-1250000000');
    await storage.buckets.setDocument(BUCKET, 'cors', ['*']);
  }

  test.for([
    ['removed', () => rmSync(index(), { recursive: true })],
    ['without its file', () => rmSync(file())],
    ['empty', () => writeFileSync(file(), '')],
    ['a few letters', () => writeFileSync(file(), 'hello')],
    ['garbage', () => writeFileSync(file(), bytes(500_000))],
    ['all zeros', () => writeFileSync(file(), Buffer.alloc(500_000))],
    ['cut to a page', () => truncateSync(file(), 4096)],
    ['cut to its first pages', () => truncateSync(file(), 40_960)],
    ['zeros behind its first pages', overwriteFrom(8192, 0)],
    ['letters behind its first pages', overwriteFrom(8192, 0x41)],
    ['letters in its second half', overwriteFrom(300_000, 0x41)],
    ['not finished', () => rmSync(join(index(), 'session.json'))],
  ] as const)(
    'because it is %s is made again from what lies beside the bytes',
    async ([, damage]) => {
      await fill();
      const before = storage.objects.list(BUCKET, { max: 5000 });
      const { seq } = await put(storage, 'z', 'last');
      await reopen(damage);

      expect(said).toEqual(['The index was lost; it is rebuilt from the object files (1503).']);
      const { objects } = storage.objects.list(BUCKET, { max: 5000 });
      expect(objects.slice(0, -1)).toEqual(before.objects);
      for (const key of ['key 0', 'key 1499']) expect(await textAt(storage, key)).toBe(key);
      expect(await textAt(storage, 'a')).toBe('two');
      expect(storage.buckets.list().map(({ name }) => name)).toEqual(['empty-1250000000', BUCKET]);
      expect(storage.buckets.document(BUCKET, 'cors')).toEqual(['*']);
      expect((await put(storage, 'z', 'again')).seq).toBeGreaterThan(seq);
      await storage.close();
      expect(byteFiles(data)).toHaveLength(1503);
    },
  );

  test('takes tables and uploads with it, and leaves nothing of them', async () => {
    await storage.table('jobs').put('j', 1);
    const upload = await beginUpload(storage, 'u');
    await putPart(storage, upload, 1, bytes(10));
    await reopen(() => rmSync(index(), { recursive: true }));
    expect(storage.table('jobs').range()).toEqual([]);
    expect(storage.uploads.list(BUCKET).uploads).toEqual([]);
    expect(byteFiles(data)).toEqual([]);
  });

  test('is not believed after the machine went down under it, unless every write was made sure of', async () => {
    const session = join(index(), 'session.json');
    const rewrite = (changes: object) => () => {
      const noted = JSON.parse(readFileSync(session, 'utf8'));
      writeFileSync(session, JSON.stringify({ ...noted, ...changes }));
    };
    await put(storage, 'a', 'x');
    await storage.table('jobs').put('j', 1);

    await reopen(rewrite({ closed: false }));
    await reopen(rewrite({ closed: true, boot: 'another' }));
    await reopen(rewrite({ closed: false, sync: true, boot: 'another' }));
    expect(storage.table('jobs').get('j')).toBe(1);
    await reopen(rewrite({ closed: false, boot: 'another' }));
    expect(storage.table('jobs').get('j')).toBeUndefined();
    expect(await textAt(storage, 'a')).toBe('x');
  });

  test('does not bring back bytes that are not whole, and puts aside what nobody knows', async () => {
    await put(storage, 'cut.txt', 'cut short by a power cut');
    await put(storage, 'whole.txt', 'x');
    const cut = bytesOf('cut.txt');
    await reopen(() => {
      truncateSync(cut, 3);
      writeFileSync(join(objects(), '000001', 'mine.txt'), 'put here by hand');
      rmSync(index(), { recursive: true });
    });
    const found = join(data, 'state-1', 'found');
    expect(storage.objects.list(BUCKET).objects.map(({ key }) => key)).toEqual(['whole.txt']);
    expect(readdirSync(found)).toEqual(expect.arrayContaining(['000001-mine.txt']));
    expect(readdirSync(found)).toHaveLength(2);
    expect(said).toEqual([
      'The index was lost; it is rebuilt from the object files (1).',
      `Files that nobody knows were moved to ${found} (2).`,
    ]);
  });

  test('comes back with the bucket of objects whose bucket file is gone too', async () => {
    await put(storage, 'a', 'x');
    await reopen(() => {
      rmSync(index(), { recursive: true });
      rmSync(join(data, 'state-1', 'buckets', `${BUCKET}.json`));
    });
    expect(await textAt(storage, 'a')).toBe('x');
  });

  test('has an object as it was before a change that was written down and never made', async () => {
    await storage.objects.append(BUCKET, 'log', 0, Buffer.from('abc'));
    await storage.objects.append(BUCKET, 'log', 3, Buffer.from('def'));
    const record = storage.objects.head(BUCKET, 'log');
    const line = JSON.stringify({ ...record, size: 9, etag: 'never' });
    await reopen(() => {
      appendFileSync(join(objects(), '000001', 'objects.jsonl'), `${line}\n`);
      rmSync(index(), { recursive: true });
    });
    expect(storage.objects.head(BUCKET, 'log')).toEqual(record);
    expect(await textAt(storage, 'log')).toBe('abcdef');
  });

  test('does not follow a line that names a file elsewhere', async () => {
    await put(storage, 'a', 'x');
    const record = storage.objects.head(BUCKET, 'a');
    writeFileSync(join(folder.path, 'secret'), 's');
    const line = { ...record, key: 'b', size: 1, file: '../../../../secret' };
    await reopen(() => {
      appendFileSync(join(objects(), '000001', 'objects.jsonl'), `${JSON.stringify(line)}\n`);
      appendFileSync(join(objects(), '000001', 'objects.jsonl'), 'null\n[]\n{"key":1}\n');
      rmSync(index(), { recursive: true });
    });
    expect(storage.objects.list(BUCKET).objects.map(({ key }) => key)).toEqual(['a']);
  });

  test('is made again from a register that was shortened because objects changed so often', async () => {
    await put(storage, 'a', 'x');
    await put(storage, 'b', 'y');
    const acl = (turn: number) => ({ turn, text: 'x'.repeat(200_000) });
    for (let turn = 0; turn <= 50; turn++) {
      await storage.objects.update(BUCKET, 'a', { acl: acl(turn) });
    }
    expect(statSync(join(objects(), '000001', 'objects.jsonl')).size).toBeLessThan(6_000_000);
    await put(storage, 'c', 'z');
    await reopen(() => renameSync(index(), join(folder.path, 'index')));
    expect(storage.objects.head(BUCKET, 'a')?.acl).toEqual(acl(50));
    expect(await textAt(storage, 'b')).toBe('y');
    expect(await textAt(storage, 'c')).toBe('z');
  });
});
