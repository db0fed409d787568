import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folderStorage } from '../../../../local/cos/storage/folder-storage.ts';
import type { Storage } from '../../../../local/cos/storage/storage.ts';
import { crc64 } from '../../../../shared/wire/crc64.ts';
import { BUCKET, byteFiles, bytes, filesBelow, readAll } from './helpers.ts';
import { PARTS, type Told } from './kill-child.ts';

const ROUNDS = 6;

let folder: string;
let child: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'storage-kill-'));
  child = join(folder, 'kill-child.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'kill-child.ts')],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    alias: { lmdb: createRequire(import.meta.url).resolve('lmdb') },
    external: ['*.cjs', '*.node'],
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('whatever was acknowledged survives being killed, whole, and nothing else is left', async () => {
  const data = join(folder, 'data');
  const known = new Map<string, Buffer>();
  const outbox = new Set<string>();
  let acknowledged = 0;

  for (let round = 1; round <= ROUNDS; round++) {
    const told = await runAndKill(process.execPath, [
      child,
      data,
      String(round),
      round % 3 === 0 ? 'sync' : '',
    ]);
    acknowledged += told.filter(({ tells }) => tells === 'acknowledged').length;
    const begun = replay(told, known, outbox);

    const storage = await folderStorage(data, { clock: Date.now });
    await settle(storage, begun, known, outbox);
    await expectUploads(storage, told, known);
    await expectObjects(storage, known);
    expect(
      storage
        .table('outbox')
        .range()
        .map(([id]) => id)
        .sort(),
    ).toEqual([...outbox].sort());
    await storage.close();
    expectNothingLeft(data, known.size);
  }
  expect(acknowledged).toBeGreaterThan(ROUNDS * 20);

  rmSync(join(data, 'state-1', 'index'), { recursive: true });
  const rebuilt = await folderStorage(data, { clock: Date.now });
  await expectObjects(rebuilt, known);
  expectNothingLeft(data, known.size);
  await rebuilt.close();
});

test('on a full disk changes are refused, and what was acknowledged before stays', async () => {
  const data = join(folder, 'full');
  const known = new Map<string, Buffer>();
  const outbox = new Set<string>();
  // No file may have more than this many blocks of 512 bytes, least of all the index.
  const limited = ['-c', 'ulimit -f 2600; exec "$@"', 'sh', process.execPath, child, data, '1'];
  const told = await runAndKill('sh', limited, (output) => output.includes('"refused"'));
  const begun = replay(told, known, outbox);

  const codes = told.flatMap((one) => (one.tells === 'refused' ? [one.code] : []));
  expect(new Set(codes)).toEqual(new Set(['STORAGE_FULL']));
  const refusedAt = told.findIndex(({ tells }) => tells === 'refused');
  const removals = new Set(told.flatMap((one) => (one.tells === 'remove' ? [one.id] : [])));
  expect(
    told.slice(refusedAt).some((one) => one.tells === 'acknowledged' && removals.has(one.id)),
  ).toBe(true);
  expect(told.every((one) => one.tells !== 'refused' || !removals.has(one.id))).toBe(true);

  const storage = await folderStorage(data, { clock: Date.now });
  await settle(storage, begun, known, outbox);
  await expectUploads(storage, told, known);
  await expectObjects(storage, known);
  await storage.close();
  expectNothingLeft(data, known.size);
});

test('another engine is refused while one is at work, and every engine where it may not write', async () => {
  const busy = join(folder, 'busy');
  const locked = join(folder, 'locked');
  mkdirSync(locked, { mode: 0o555 });
  chmodSync(folder, 0o755);
  const storage = await folderStorage(busy, { clock: Date.now });
  const another = spawnSync(process.execPath, [child, busy], { encoding: 'utf8' });
  expect(another.stderr).toContain('DATA_FOLDER_IN_USE');
  await storage.close();

  // Nothing is forbidden to root, so root becomes nobody for a moment.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await expect(folderStorage(locked, { clock: Date.now })).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNWRITABLE',
    });
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
  expect(readdirSync(locked)).toEqual([]);
});

/** What the child told until it was killed, some moments after it was `ready`. */
async function runAndKill(
  command: string,
  args: readonly string[],
  ready: (output: string) => boolean = () => true,
): Promise<readonly Told[]> {
  const running = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const working = new Promise<void>((resolve) => {
    running.stdout.on('data', (piece: Buffer) => {
      output += piece;
      if (ready(output)) resolve();
    });
  });
  const ended = new Promise((resolve) => running.on('close', resolve));
  await Promise.race([working, ended]);
  await wait(30 + Math.random() * 300);
  running.kill('SIGKILL');
  await ended;
  return output
    .slice(0, output.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Told => JSON.parse(line));
}

type Change = Exclude<Told, { tells: 'part' | 'acknowledged' | 'refused' }>;

/** Does to `known` what was acknowledged, and gives back what was begun and not acknowledged. */
function replay(
  told: readonly Told[],
  known: Map<string, Buffer>,
  outbox: Set<string>,
): readonly Change[] {
  const begun = new Map<number, Change>();
  for (const one of told) {
    if (one.tells === 'part') continue;
    if (one.tells === 'refused') {
      begun.delete(one.id);
      continue;
    }
    if (one.tells !== 'acknowledged') {
      begun.set(one.id, one);
      continue;
    }
    const change = begun.get(one.id);
    if (!change) continue;
    begun.delete(one.id);
    const after = contentAfter(change, known);
    if (after || known.has(change.key)) outbox.add(String(one.id));
    keep(known, change.key, after);
  }
  return [...begun.values()];
}

function contentAfter(change: Change, known: ReadonlyMap<string, Buffer>): Buffer | undefined {
  const { id, key } = change;
  switch (change.tells) {
    case 'put':
      return bytes(change.size, id);
    case 'remove':
      return undefined;
    case 'append':
      return Buffer.concat([known.get(key) ?? Buffer.alloc(0), bytes(change.size, id)]);
    case 'copy':
      return known.get(change.from);
    case 'complete':
      return Buffer.concat(PARTS.map((size, at) => bytes(size, id + at)));
  }
}

function keep(known: Map<string, Buffer>, key: string, content: Buffer | undefined): void {
  if (content) known.set(key, content);
  else known.delete(key);
}

/** A change that was not acknowledged happened wholly, with its entry in the outbox, or not at all. */
async function settle(
  storage: Storage,
  begun: readonly Change[],
  known: Map<string, Buffer>,
  outbox: Set<string>,
): Promise<void> {
  for (const change of begun) {
    const happened = storage.table('outbox').get(String(change.id)) !== undefined;
    const before = known.get(change.key);
    const expected = happened ? contentAfter(change, known) : before;
    const actual = await readAll(storage.objects.get(BUCKET, change.key));
    expect(same(actual, expected), `${JSON.stringify(change)}, happened: ${happened}`).toBe(true);
    if (happened) outbox.add(String(change.id));
    keep(known, change.key, actual);
  }
}

function same(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one && other ? one.equals(other) : one === other;
}

/** Uploads that were not completed still have the parts that were acknowledged. */
async function expectUploads(
  storage: Storage,
  told: readonly Told[],
  known: Map<string, Buffer>,
): Promise<void> {
  for (const upload of storage.uploads.list(BUCKET).uploads) {
    const { parts } = storage.uploads.parts(upload);
    const acknowledged = told.flatMap((one) =>
      one.tells === 'part' && one.upload === upload.id ? [one.part] : [],
    );
    expect(parts).toEqual(expect.arrayContaining(acknowledged));
    if (parts.length === 0) {
      await storage.uploads.abort(upload);
      continue;
    }
    const outcome = await storage.uploads.complete(upload, parts);
    const content = await readAll(storage.objects.get(BUCKET, upload.key));
    if (outcome.status !== 'stored' || !content) throw new Error(outcome.status);
    expect(crc64(content)).toBe(outcome.record.crc64);
    known.set(upload.key, content);
  }
}

async function expectObjects(storage: Storage, known: ReadonlyMap<string, Buffer>): Promise<void> {
  const keys = storage.objects.list(BUCKET).objects.map(({ key }) => key);
  expect(keys).toEqual([...known.keys()].sort());
  for (const [key, content] of known) {
    const object = storage.objects.get(BUCKET, key);
    expect(same(await readAll(object), content), key).toBe(true);
    expect(statSync(object?.path ?? '').size, key).toBe(content.length);
  }
}

function expectNothingLeft(data: string, objects: number): void {
  expect(byteFiles(data)).toHaveLength(objects);
  const others = filesBelow(data).filter(
    (file) =>
      !/^(storage\.json|lock\/.*|state-1\/index\/(data\.mdb|lock\.mdb|session\.json))$/.test(
        file,
      ) &&
      !/^(state-1|snapshots\/one)\/(objects\/[0-9]{6}\/|buckets\/images-1250000000\.json$)/.test(
        file,
      ) &&
      !/^snapshots\/one\/(index|uploads)\//.test(file),
  );
  expect(others).toEqual([]);
}
