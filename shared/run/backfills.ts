import type { Backfill } from '../progress/backfill.ts';
import { maxSubmittedOf } from '../progress/backfill.ts';
import { type Checkpoint, newCheckpoint } from '../progress/checkpoint.ts';
import { noticeOfBackfill } from '../progress/notice.ts';
import { readBackfill } from '../progress/read-backfill.ts';
import { readCheckpoint } from '../progress/read-checkpoint.ts';
import { markDue } from './agenda.ts';
import { tell } from './outbox.ts';
import type { Suite } from './ports.ts';
import { recordName } from './record-names.ts';
import { createRevision, readLatest } from './versions.ts';

type On = Pick<Suite, 'records' | 'digest' | 'now' | 'rules'>;

/** Has the timer begin a backfill. One of this name that was begun before goes on as it is. */
export async function startBackfill(backfill: Backfill, on: On): Promise<void> {
  const { name, prefix, budget } = backfill;
  const maxSubmitted = maxSubmittedOf(budget);
  await on.records.create(orderName(name), JSON.stringify(backfill));
  await markDue('backfills', name, on.now(), on);
  await createRevision(
    checkpointName(name),
    newCheckpoint(name, { prefix, maxSubmitted }),
    on.records,
  );
}

export async function readOrder(name: string, { records }: On): Promise<Backfill | undefined> {
  const text = await records.read(orderName(name));
  return text === undefined ? undefined : readBackfill(text);
}

/** How far a backfill is. */
export function loadCheckpoint(name: string, { records }: On): Promise<Checkpoint | undefined> {
  return readLatest(checkpointName(name), { read: readCheckpoint }, records);
}

/** Has the timer come back to a backfill that is running, with the next tick or when it has rested. */
export function comeBackTo({ backfill, restUntil }: Checkpoint, on: On): Promise<void> {
  return markDue('backfills', backfill, restUntil, on);
}

/** Whether the checkpoint was saved: not where somebody else saved one meanwhile. Who is second stops. */
export async function saveCheckpoint(
  before: Checkpoint,
  after: Checkpoint,
  on: On,
): Promise<boolean> {
  await tell(noticeOfBackfill(before, after), on);
  return createRevision(checkpointName(after.backfill), after, on.records);
}

function orderName(backfill: string): string {
  return recordName('backfills', backfill, 'order');
}

function checkpointName(backfill: string): string {
  return recordName('backfills', backfill, 'checkpoint');
}
