import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEngine } from '../../../local/engine/engine.ts';
import { isJsonObject, objectIn, textIn } from '../../../shared/wire/json-object.ts';
import { byteFiles } from '../cos/storage/helpers.ts';
import { type CosClient, cosClient, textsIn } from '../model/cos-client.ts';
import { built } from './built.ts';
import { type EngineProcess, engineProcess, stopped } from './engine-process.ts';
import { BUCKET, type Content, load, type Memory, md5Of, newMemory } from './load.ts';

const KEYS = { secretId: 'killed', secretKey: 'killed-secret' };
const ROUNDS = 5;
const WORKERS = 6;

const folder = mkdtempSync(join(tmpdir(), 'darkroom-kill-'));
const data = join(folder, 'data');
const options = { port: 0, data, buckets: [BUCKET], credentials: KEYS };
const flags = [
  '--data',
  data,
  '--bucket',
  BUCKET,
  '--secret-id',
  KEYS.secretId,
  '--secret-key',
  KEYS.secretKey,
];
let command: Awaited<ReturnType<typeof built>>;

beforeAll(async () => {
  command = await built('cli/darkroom.ts');
});
afterAll(() => {
  command.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('an engine that is killed again and again keeps every promise it made', async () => {
  await notifyOfAll();
  const memory = newMemory();
  for (let round = 0; round < ROUNDS; round++) {
    await running(async (cos, engine) => {
      await keptAllOf(memory, cos);
      await killedUnderLoad(memory, cos, engine);
    });
  }
  await running(async (cos, engine) => {
    await keptAllOf(memory, cos);
    expect((await stopped(engine)).code).toBe(0);
  });
  expect(memory.changed.size).toBeGreaterThan(ROUNDS);
  await leftNothingBehind();
  await toldOf(memory);
});

/** Makes the bucket, and a rule by which somebody hears of all that happens there. */
async function notifyOfAll(): Promise<void> {
  const engine = await startEngine(options);
  const events = ['cos:ObjectCreated:*', 'cos:ObjectRemove:*'];
  const rule = {
    id: 'all',
    bucket: BUCKET,
    events,
    prefix: '',
    suffix: '',
    subscriber: 'listener',
  };
  expect((await engine.events.rules.add({ ...rule, enabled: true })).status).toBe('added');
  await engine.stop();
}

async function running(work: (cos: CosClient, engine: EngineProcess) => Promise<void>) {
  const started = performance.now();
  const engine = engineProcess(command.path, flags);
  const cos = cosClient(await engine.ready, BUCKET, KEYS);
  // Within a second by itself; on a machine that has other things to do, not long after.
  expect(performance.now() - started).toBeLessThan(5_000);
  try {
    await work(cos, engine);
  } finally {
    cos.close();
    await stopped(engine, 'SIGKILL');
  }
}

async function killedUnderLoad(memory: Memory, cos: CosClient, { child, ended }: EngineProcess) {
  let killed = false;
  const workers = Array.from({ length: WORKERS }, (_, worker) =>
    load(cos, memory, worker).catch((thrown) => {
      if (!killed) throw thrown;
    }),
  );
  const over = Promise.all(workers);
  await Promise.race([over, setTimeout(50 + Math.random() * 400)]);
  killed = true;
  child.kill('SIGKILL');
  await over;
  await ended;
}

/** What was acknowledged is there whole, and what was not is there whole or not at all. */
async function keptAllOf(memory: Memory, cos: CosClient): Promise<void> {
  for (const [key, known] of memory.keys) {
    const found = await contentAt(cos, key);
    const { acknowledged, pending } = known;
    expect(pending ? [acknowledged, pending.content] : [acknowledged], key).toContainEqual(found);
    known.acknowledged = found;
    known.pending = undefined;
  }
  const there = [...memory.keys].filter(([, { acknowledged }]) => acknowledged);
  expect(textsIn(await cos('GET', ''), 'Key').sort()).toEqual(there.map(([key]) => key).sort());
  await keptParts(cos, memory);
}

async function contentAt(cos: CosClient, key: string): Promise<Content | undefined> {
  const { status, headers, body } = await cos('GET', key);
  if (status === 404) return undefined;
  expect({ key, status, length: headers['content-length'] }).toEqual({
    key,
    status: 200,
    length: String(body.length),
  });
  if (!String(headers['etag']).includes('-')) expect(headers['etag']).toBe(`"${md5Of(body)}"`);
  const [tag] = textsIn(await cos('GET', key, { query: { tagging: '' } }), 'Value');
  return { md5: md5Of(body), tag };
}

/** Of uploads that were begun, all parts that were acknowledged are there; then they are given up. */
async function keptParts(cos: CosClient, { uploads }: Memory): Promise<void> {
  const open = new Set(textsIn(await cos('GET', '', { query: { uploads: '' } }), 'UploadId'));
  for (const { key, id, parts } of uploads.values()) {
    // Its completion may have been carried out without being answered.
    if (!open.has(id)) expect(parts.size).toBe(3);
    else {
      const query = { uploadId: id };
      const etags = textsIn(await cos('GET', key, { query }), 'ETag');
      for (const etag of parts.values())
        expect(etags.map((each) => each.replaceAll('&quot;', '"'))).toContain(etag);
      expect((await cos('DELETE', key, { query })).status).toBe(204);
      open.delete(id);
    }
  }
  // Of some the id was never heard.
  for (const id of open) expect(uploads.has(id)).toBe(false);
  uploads.clear();
}

/** One file for each object, and some for uploads whose id nobody was told. */
async function leftNothingBehind(): Promise<void> {
  const engine = await startEngine(options);
  const objects = engine.storage.objects.list(BUCKET).objects.length;
  for (const { key, id } of engine.storage.uploads.list(BUCKET).uploads) {
    await engine.storage.uploads.abort({ bucket: BUCKET, key, id });
  }
  await engine.stop();
  expect(byteFiles(data).length).toBe(objects);
}

/** Every change that was acknowledged was told at least once, and none that nobody asked for. */
async function toldOf({ keys, changed }: Memory): Promise<void> {
  const engine = await startEngine(options);
  const requests = new Set<string>();
  const perKey = new Map<string, Set<string>>();
  engine.events.subscribe('listener', async (event, { id }) => {
    const [record] = Array.isArray(event.Records) ? event.Records : [];
    const object = objectIn(objectIn(isJsonObject(record) ? record : {}, 'cos'), 'cosObject');
    requests.add(textIn(objectIn(object, 'meta'), 'x-cos-request-id') ?? '');
    const key = (textIn(object, 'key') ?? '').split('/').slice(3).join('/');
    perKey.set(key, (perKey.get(key) ?? new Set()).add(id));
    return 'ok';
  });
  await engine.events.idle();
  await engine.stop();
  expect([...changed].filter((id) => !requests.has(id))).toEqual([]);
  for (const [key, ids] of perKey)
    expect(ids.size).toBeLessThanOrEqual(keys.get(key)?.changes ?? 0);
}
