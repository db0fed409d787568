import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderStorage } from '../local/cos/storage/folder-storage.ts';
import { objectKey } from '../local/cos/storage/index-key.ts';
import { LmdbIndex } from '../local/cos/storage/lmdb-index.ts';
import { PLAIN, writeRecord } from '../local/cos/storage/object-record.ts';

export const title =
  'storage: objects of 10 KB by 16 callers at once, beside plain files with a JSON file for each';

const BUCKET = 'bench-1250000000';
const CALLERS = 16;
const OBJECTS = 20_000;
const MANY = 100_000;
const VERY_MANY = 1_000_000;

export async function run(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-storage-'));
  try {
    await besidePlainFiles(folder, print);
    await reopening(join(folder, 'many'), print);
    await listing(join(folder, 'very-many'), print);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function besidePlainFiles(folder: string, print: (line: string) => void): Promise<void> {
  const body = randomBytes(10 * 1024);
  const files = join(folder, 'files');
  await mkdir(files);
  const storage = await folderStorage(join(folder, 'data'), { clock: Date.now });
  await storage.buckets.create(BUCKET);
  const ours = (number: number) => storage.objects.put(BUCKET, keyOf(number), body);
  await rate(2000, ours);

  const plainPut = await rate(OBJECTS, async (number) => {
    await writeFile(join(files, String(number)), body);
    const etag = createHash('md5').update(body).digest('hex');
    await writeFile(join(files, `${number}.json`), JSON.stringify({ key: keyOf(number), etag }));
  });
  const put = await rate(OBJECTS, ours);
  const plainGet = await rate(OBJECTS, async (number) => {
    await readFile(join(files, String(number)));
    JSON.parse(await readFile(join(files, `${number}.json`), 'utf8'));
  });
  const get = await rate(OBJECTS, async (number) => {
    storage.objects.get(BUCKET, keyOf(number))?.read();
  });
  const remove = await rate(OBJECTS, (number) => storage.objects.remove(BUCKET, keyOf(number)));
  await storage.close();
  print(`put     ${put.toFixed(0)} a second, ${(put / plainPut).toFixed(1)}x plain files`);
  print(`get     ${get.toFixed(0)} a second, ${(get / plainGet).toFixed(1)}x plain files`);
  print(`remove  ${remove.toFixed(0)} a second`);
}

async function reopening(folder: string, print: (line: string) => void): Promise<void> {
  const body = randomBytes(100);
  const filled = await folderStorage(folder, { clock: Date.now });
  await filled.buckets.create(BUCKET);
  await rate(MANY, (number) => filled.objects.put(BUCKET, keyOf(number), body));
  await filled.close();
  const opened = await timed(() => folderStorage(folder, { clock: Date.now }));
  await opened.value.close();
  // As after a kill: an index that was not closed is looked through.
  utimesSync(join(folder, 'state-1', 'index', 'data.mdb'), new Date(), new Date());
  const looked = await timed(() => folderStorage(folder, { clock: Date.now }));
  await looked.value.close();
  rmSync(join(folder, 'state-1', 'index'), { recursive: true });
  const rebuilt = await timed(() => folderStorage(folder, { clock: Date.now }));
  await rebuilt.value.close();
  const [open, look, rebuild] = [opened, looked, rebuilt].map(({ ms }) => ms.toFixed(0));
  print(
    `100,000 objects: open in ${open} ms, after a kill ${look} ms, without index ${rebuild} ms`,
  );
}

async function listing(folder: string, print: (line: string) => void): Promise<void> {
  const empty = await folderStorage(folder, { clock: Date.now });
  await empty.buckets.create(BUCKET);
  await empty.close();
  const index = new LmdbIndex(join(folder, 'state-1', 'index'), false);
  for (let first = 0; first < VERY_MANY; first += 1000) {
    await index.commit(
      Array.from({ length: 1000 }, (_, number) => {
        const key = keyOf(first + number);
        return [objectKey(BUCKET, key), recordText(key)] as const;
      }),
    );
  }
  await index.close();

  const { value: storage, ms } = await timed(() => folderStorage(folder, { clock: Date.now }));
  print(`1,000,000 keys: open in ${ms.toFixed(0)} ms`);
  const list = (options: object) => median(50, () => void storage.objects.list(BUCKET, options));
  const pages = list({ prefix: 'products/7', marker: 'products/750' });
  const grouped = list({ prefix: 'products/', delimiter: '/' });
  print(
    `list of 1,000 in ${pages.toFixed(1)} ms, of 1,000 common prefixes ${grouped.toFixed(1)} ms`,
  );
  await storage.close();
}

/** Spread over a thousand folders, in an order that is not that of the numbers. */
function keyOf(number: number): string {
  const spread = (number * 7919) % VERY_MANY;
  return `products/${spread % 1000}/${spread}.jpg`;
}

function recordText(key: string): string {
  return writeRecord({
    ...PLAIN,
    ...{ bucket: BUCKET, key, size: 10_240, modified: 1_700_000_000_000, seq: 1 },
    ...{ etag: 'ee8de918d05640145b18f70f4c3aa602', crc64: '16749565679157681890' },
    ...{ file: '000001/0123456789abcdef.jpg', parts: undefined, appendable: false },
  });
}

/** How often a second, when so many callers wait for their own. */
async function rate(times: number, work: (number: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const { ms } = await timed(() =>
    Promise.all(
      Array.from({ length: CALLERS }, async () => {
        while (next < times) await work(next++);
      }),
    ),
  );
  return (times / ms) * 1000;
}

async function timed<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly ms: number }> {
  const started = performance.now();
  const value = await work();
  return { value, ms: performance.now() - started };
}

function median(times: number, work: () => void): number {
  const all = Array.from({ length: times }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return all.sort((one, other) => one - other)[times >> 1] ?? 0;
}
