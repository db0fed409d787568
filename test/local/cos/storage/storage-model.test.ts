import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderStorage } from '../../../../local/cos/storage/folder-storage.ts';
import { memoryStorage } from '../../../../local/cos/storage/memory-storage.ts';
import type { Storage } from '../../../../local/cos/storage/storage.ts';
import { BUCKET, byteFiles, putPart, readAll, temporaryFolder } from './helpers.ts';

// Random changes done to a storage and to a plain object in memory must have the same outcome and
// leave the same things behind.

interface Model {
  readonly objects: Map<string, { text: string; appendable: boolean; tag: string }>;
  readonly table: Map<string, number>;
}

const key = fc.constantFrom('a', 'a/', 'a/b', 'a/c/d', 'b', 'b\0', '水', '😀', '\uffee', '/', '..');
const text = fc.string({ maxLength: 20 });
const size = fc.constantFrom(0, 1, 1000, 200_000);

type Step =
  | { readonly do: 'put'; readonly key: string; readonly text: string; readonly absent: boolean }
  | { readonly do: 'put-large'; readonly key: string; readonly size: number }
  | { readonly do: 'append'; readonly key: string; readonly text: string; readonly off: number }
  | { readonly do: 'copy'; readonly from: string; readonly key: string }
  | { readonly do: 'tag'; readonly key: string; readonly text: string }
  | { readonly do: 'remove'; readonly key: string }
  | { readonly do: 'upload'; readonly key: string; readonly parts: readonly string[] }
  | { readonly do: 'count'; readonly key: string }
  | {
      readonly do: 'list';
      readonly prefix: string;
      readonly delimiter: string;
      readonly max: number;
    }
  | { readonly do: 'reopen' }
  | { readonly do: 'lose-index' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('put' as const), key, text, absent: fc.boolean() }),
  },
  fc.record({ do: fc.constant('put-large' as const), key, size }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      key,
      text,
      off: fc.constantFrom(0, 0, 0, 1),
    }),
  },
  fc.record({ do: fc.constant('copy' as const), from: key, key }),
  fc.record({ do: fc.constant('tag' as const), key, text }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), key }) },
  fc.record({
    do: fc.constant('upload' as const),
    key,
    parts: fc.array(text, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ do: fc.constant('count' as const), key }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('list' as const),
      prefix: fc.constantFrom('', 'a', 'a/', '水', 'x'),
      delimiter: fc.constantFrom('', '/', '\0'),
      max: fc.integer({ min: 1, max: 4 }),
    }),
  },
  fc.record({ do: fc.constant('reopen' as const) }),
  fc.record({ do: fc.constant('lose-index' as const) }),
);

async function act(storage: Storage, model: Model, step: Step): Promise<void> {
  const { objects, table } = model;
  switch (step.do) {
    case 'put': {
      const onlyIf = step.absent ? ('absent' as const) : undefined;
      const refused = step.absent && objects.has(step.key);
      const { status } = await storage.objects.put(BUCKET, step.key, Buffer.from(step.text), {
        onlyIf,
      });
      expect(status).toBe(refused ? 'condition-failed' : 'stored');
      if (!refused) objects.set(step.key, { text: step.text, appendable: false, tag: '' });
      return;
    }
    case 'put-large': {
      const body = Buffer.alloc(step.size, step.key);
      await storage.objects.put(BUCKET, step.key, body);
      objects.set(step.key, { text: body.toString(), appendable: false, tag: '' });
      return;
    }
    case 'append': {
      const before = objects.get(step.key);
      const at = Buffer.byteLength(before?.text ?? '') + step.off;
      const { status } = await storage.objects.append(BUCKET, step.key, at, Buffer.from(step.text));
      const expected =
        before && !before.appendable ? 'not-appendable' : step.off ? 'position-differs' : 'stored';
      expect(status).toBe(expected);
      if (status !== 'stored') return;
      const grown = (before?.text ?? '') + step.text;
      objects.set(step.key, { text: grown, appendable: true, tag: before?.tag ?? '' });
      return;
    }
    case 'copy': {
      const source = storage.objects.head(BUCKET, step.from);
      const expected = objects.get(step.from);
      expect(source !== undefined).toBe(expected !== undefined);
      if (!source || !expected) return;
      await storage.objects.copy(source, BUCKET, step.key);
      objects.set(step.key, { ...expected, appendable: false });
      return;
    }
    case 'tag': {
      const before = objects.get(step.key);
      const tags = [{ key: 'tag', value: step.text }];
      const { status } = await storage.objects.update(BUCKET, step.key, { tags });
      expect(status).toBe(before ? 'updated' : 'no-object');
      if (before) objects.set(step.key, { ...before, tag: step.text });
      return;
    }
    case 'remove': {
      const { status } = await storage.objects.remove(BUCKET, step.key);
      expect(status).toBe(objects.delete(step.key) ? 'removed' : 'no-object');
      return;
    }
    case 'upload': {
      const created = await storage.uploads.create(BUCKET, step.key);
      if (created.status !== 'created') throw new Error(created.status);
      const { upload } = created;
      const parts = await Promise.all(
        step.parts.map((part, at) => putPart(storage, upload, at + 1, Buffer.from(part))),
      );
      await storage.uploads.complete(upload, parts);
      objects.set(step.key, { text: step.parts.join(''), appendable: false, tag: '' });
      return;
    }
    case 'count':
      await storage.table<number>('counts').update(step.key, (count = 0) => count + 1);
      table.set(step.key, (table.get(step.key) ?? 0) + 1);
      return;
    case 'list':
      expect(listAll(storage, step)).toEqual(expectedList([...objects.keys()], step));
  }
}

/** All pages of a list, one after the other. */
function listAll(storage: Storage, options: { prefix: string; delimiter: string; max: number }) {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let marker: string | undefined = '';
  while (marker !== undefined) {
    const page = storage.objects.list(BUCKET, { ...options, marker });
    keys.push(...page.objects.map((record) => record.key));
    prefixes.push(...page.prefixes);
    marker = page.next;
  }
  return { keys, prefixes };
}

function expectedList(all: string[], { prefix, delimiter }: { prefix: string; delimiter: string }) {
  const keys: string[] = [];
  const prefixes = new Set<string>();
  for (const one of all.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    if (!one.startsWith(prefix)) continue;
    const at = delimiter === '' ? -1 : one.indexOf(delimiter, prefix.length);
    if (at === -1) keys.push(one);
    else prefixes.add(one.slice(0, at + delimiter.length));
  }
  return { keys, prefixes: [...prefixes] };
}

async function expectSame(storage: Storage, { objects, table }: Model): Promise<void> {
  const list = { prefix: '', delimiter: '', max: 3 };
  expect(listAll(storage, list)).toEqual(expectedList([...objects.keys()], list));
  for (const [name, { text: expected, appendable, tag }] of objects) {
    const object = storage.objects.get(BUCKET, name);
    expect((await readAll(object))?.toString()).toBe(expected);
    expect(object?.record.appendable).toBe(appendable);
    expect(object?.record.tags[0]?.value ?? '').toBe(tag);
  }
  expect(new Map(storage.table('counts').range())).toEqual(
    new Map([...table].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))),
  );
}

const steps = fc.array(step, { minLength: 10, maxLength: 60, size: 'max' });

test('a storage in memory does what a plain map would', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const storage = memoryStorage({ clock: Date.now });
      await storage.buckets.create(BUCKET);
      const model: Model = { objects: new Map(), table: new Map() };
      for (const one of all) await act(storage, model, one);
      await expectSame(storage, model);
    }),
    { numRuns: 60 },
  );
});

test('a storage in a folder does what a plain map would, opened again or robbed of its index', async () => {
  const { rmSync } = await import('node:fs');
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const folder = temporaryFolder();
      const open = () => folderStorage(folder.path, { clock: Date.now });
      let storage = await open();
      await storage.buckets.create(BUCKET);
      const model: Model = { objects: new Map(), table: new Map() };
      try {
        for (const one of all) {
          await act(storage, model, one);
          if (one.do !== 'reopen' && one.do !== 'lose-index') continue;
          await storage.close();
          if (one.do === 'lose-index') {
            rmSync(`${folder.path}/state-1/index`, { recursive: true });
            model.table.clear();
          }
          storage = await open();
        }
        await expectSame(storage, model);
        await storage.close();
        expect(byteFiles(folder.path)).toHaveLength(model.objects.size);
      } finally {
        await storage.close();
        folder.remove();
      }
    }),
    { numRuns: 40 },
  );
});
