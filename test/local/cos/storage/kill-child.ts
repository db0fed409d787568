import { writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { folderStorage } from '../../../../local/cos/storage/folder-storage.ts';
import type { Change } from '../../../../local/cos/storage/objects.ts';
import type { Storage } from '../../../../local/cos/storage/storage.ts';
import type { Part } from '../../../../local/cos/storage/uploads.ts';
import { BUCKET, bytes } from './helpers.ts';

// Changes a storage as fast as it can and tells, line by line, what it is about to do and what was
// acknowledged, until it is killed. Keys belong to one worker each, so that their order is known.

export type Told =
  | { readonly tells: 'put'; readonly id: number; readonly key: string; readonly size: number }
  | { readonly tells: 'remove'; readonly id: number; readonly key: string }
  | { readonly tells: 'append'; readonly id: number; readonly key: string; readonly size: number }
  | { readonly tells: 'copy'; readonly id: number; readonly key: string; readonly from: string }
  | { readonly tells: 'complete'; readonly id: number; readonly key: string }
  | { readonly tells: 'part'; readonly upload: string; readonly part: Part }
  | { readonly tells: 'acknowledged'; readonly id: number }
  | { readonly tells: 'refused'; readonly id: number; readonly code: string };

export const PARTS = [120_000, 120_000, 10];

const WORKERS = 8;
const SIZES = [0, 100, 10_000, 10_000, 200_000, 400_000];

async function main([folder = '', seed = '1', sync = '']: string[]): Promise<void> {
  const storage = await folderStorage(folder, { clock: Date.now, sync: sync === 'sync' });
  await storage.buckets.create(BUCKET);
  let state = Number(seed);
  let operations = Number(seed) * 100_000;
  const random = (below: number) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  const work = async (worker: number) => {
    for (;;) {
      operations += 10;
      const id = operations;
      await change(storage, id, worker, random).catch((thrown) => {
        tell({ tells: 'refused', id, code: thrown.code });
        return wait(1);
      });
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
}

async function change(
  storage: Storage,
  id: number,
  worker: number,
  random: (below: number) => number,
): Promise<void> {
  const key = `${worker}/${random(4)}`;
  const log = `${worker}/log${random(2)}`;
  const size = SIZES[random(SIZES.length)] ?? 0;
  const also = (made: Change) => [{ table: 'outbox', key: String(id), value: made.seq }];
  const turn = random(12);

  if (turn < 5) {
    tell({ tells: 'put', id, key, size });
    await storage.objects.put(BUCKET, key, bytes(size, id), { also });
  } else if (turn < 7) {
    const gone = turn === 5 ? key : log;
    tell({ tells: 'remove', id, key: gone });
    await storage.objects.remove(BUCKET, gone, { also });
  } else if (turn < 9) {
    const at = storage.objects.head(BUCKET, log)?.size ?? 0;
    tell({ tells: 'append', id, key: log, size });
    await storage.objects.append(BUCKET, log, at, bytes(size, id), { also });
  } else if (turn === 9) {
    const from = `${worker}/${random(4)}`;
    const source = storage.objects.head(BUCKET, from);
    if (!source) return;
    tell({ tells: 'copy', id, key, from });
    await storage.objects.copy(source, BUCKET, key, { also });
  } else if (turn === 10) {
    const created = await storage.uploads.create(BUCKET, key);
    if (created.status !== 'created') return;
    const parts: Part[] = [];
    for (const [at, partSize] of PARTS.entries()) {
      const body = bytes(partSize, id + at);
      const outcome = await storage.uploads.put(created.upload, at + 1, body, { size: partSize });
      if (outcome.status !== 'stored') return;
      tell({ tells: 'part', upload: created.upload.id, part: outcome.part });
      parts.push(outcome.part);
    }
    if (random(3) === 0) return;
    tell({ tells: 'complete', id, key });
    await storage.uploads.complete(created.upload, parts, { also });
  } else {
    if (worker === 0 && random(8) === 0) await storage.snapshots.save('one');
    return;
  }
  tell({ tells: 'acknowledged', id });
}

function tell(told: Told): void {
  writeSync(1, `${JSON.stringify(told)}\n`);
}

if (process.argv[1]?.endsWith('kill-child.cjs')) void main(process.argv.slice(2));
