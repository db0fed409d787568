import { openClient } from '../../shared/client/client.ts';
import { RECORD_FOLDERS, type RecordFolderName } from '../../shared/plan/record-folders.ts';
import type { Objects } from '../../shared/run/ports.ts';
import { openBucketRecords } from '../../shared/store/bucket-records.ts';
import { BUCKET, OWNER, PLACES, REGION, STATE } from './account.ts';
import type { EngineProcess } from './engine-process.ts';

/** Somebody who may read everything. */
export function ownerOf({ port }: Pick<EngineProcess, 'port'>) {
  const client = openClient({
    ...{ keys: () => OWNER, leftMs: () => 60_000, now: Date.now },
    limits: { requestsPerSecond: 1000, inFlight: 4 },
    endpoint: `http://127.0.0.1:${port}`,
  });
  const { objects } = client;
  const texts = client.textsIn(PLACES.state);
  return { objects, records: openBucketRecords(PLACES.state, { texts, objects }) };
}

export type Owner = ReturnType<typeof ownerOf>;

async function* keysIn(objects: Objects, bucket: string, prefix: string): AsyncGenerator<string> {
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: Awaited<ReturnType<Objects['list']>> = await objects.list(
      { bucket, region: REGION },
      { prefix, cursor, limit: 1000 },
    );
    for (const { key } of page.objects) yield key;
    cursor = page.next;
  }
}

export async function countOutputs({ objects }: Owner): Promise<number> {
  let count = 0;
  for await (const _ of keysIn(objects, BUCKET, 'cutouts/')) count += 1;
  return count;
}

/** Records, and those among them that no rule of the bucket ever drops. */
export async function countRecords({
  objects,
}: Owner): Promise<{ readonly all: number; readonly kept: number }> {
  let [all, kept] = [0, 0];
  const { prefix } = PLACES.state;
  for await (const key of keysIn(objects, STATE, prefix)) {
    const folder = key.slice(prefix.length).split('/')[0] as RecordFolderName;
    all += 1;
    if (!('days' in RECORD_FOLDERS[folder])) kept += 1;
  }
  return { all, kept };
}
