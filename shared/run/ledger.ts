import { allOver } from '../core/all-over.ts';
import type { Fault } from '../core/fault.ts';
import type { ObjectRef } from '../core/object-ref.ts';
import { type Claim, type ClaimTerms, decideClaim } from '../progress/claim.ts';
import type { DeadBecause, Entry } from '../progress/entry.ts';
import { noticeOfStep } from '../progress/notice.ts';
import { readEntry } from '../progress/read-entry.ts';
import type { Receipt } from '../progress/receipt.ts';
import { buried, type Holder, reasonToHearAgain, settled } from '../progress/settle.ts';
import type { SourceRef, StepRef } from '../progress/step-ref.ts';
import { readWritersOf, type WritersOf, withWriter } from '../progress/writers-of.ts';
import { markDue } from './agenda.ts';
import { tell } from './outbox.ts';
import type { Suite } from './ports.ts';
import { recordName } from './record-names.ts';
import { createRevision, readLatest } from './versions.ts';

type On = Pick<Suite, 'records' | 'digest' | 'now' | 'rules'>;

/** What the ledger holds of a step, by the digest of its id. */
export function readStep(
  digest: string,
  { records }: Pick<On, 'records'>,
): Promise<Entry | undefined> {
  const isFinal = ({ state }: Entry) => state.is === 'done';
  return readLatest(recordName('steps', digest), { read: readEntry, isFinal }, records);
}

/** What the ledger holds of the steps that write to this object. */
export async function stepsAt(
  object: Pick<ObjectRef, 'bucket' | 'key'>,
  on: Pick<On, 'records' | 'digest'>,
): Promise<readonly Entry[]> {
  const writers = await readWriters(object, on);
  const entries = await allOver((writers?.steps ?? []).map((step) => readStep(step, on)));
  return entries.flatMap((entry) => entry ?? []);
}

/**
 * Takes a step for a while, if it may be worked on. That it writes to its target, and that somebody
 * has to look after it when the lease is over, is written down before.
 */
export async function claimStep(
  step: StepRef,
  source: SourceRef,
  terms: Omit<ClaimTerms, 'now'>,
  on: On,
): Promise<Claim> {
  const digest = on.digest(step.id);
  for (;;) {
    const entry = await readStep(digest, on);
    const claim = decideClaim(entry, step, source, { ...terms, now: on.now() });
    if (!('entry' in claim)) return claim;
    await allOver([
      markDue('steps', digest, on.now() + terms.leaseMs, on),
      entry ? undefined : rememberWriter(step, digest, on),
    ]);
    if (await createRevision(recordName('steps', digest), claim.entry, on.records)) return claim;
  }
}

/** Records what came of a step, if whoever says so still has it. `held`: the entry as it was taken. */
export async function settleStep(
  receipt: Receipt,
  by: Holder,
  held: Entry | undefined,
  on: On,
): Promise<void> {
  let entry = held ?? (await readStep(on.digest(receipt.step.id), on));
  while (entry) {
    if (await replace(entry, settled(entry, receipt, by, { now: on.now() }), on)) return;
    entry = await readStep(on.digest(receipt.step.id), on);
  }
}

/** Records how a job ended; or why that has to be heard again later. */
export async function settleJob(
  receipt: Receipt,
  jobId: string,
  on: On,
): Promise<Fault | undefined> {
  for (;;) {
    const entry = await readStep(on.digest(receipt.step.id), on);
    if (!entry) return undefined;
    const early = reasonToHearAgain(entry);
    if (early) return early;
    if (await replace(entry, settled(entry, receipt, { jobId }, { now: on.now() }), on)) {
      return undefined;
    }
  }
}

/** Gives a step up that was taken. `left`: the etag of what stands at its target. */
export async function buryStep(
  entry: Entry,
  because: DeadBecause,
  left: string | undefined,
  on: On,
): Promise<void> {
  const by = { attempt: entry.attempt };
  await replace(entry, buried(entry, because, left, by, on.now()), on);
}

/**
 * Whether the next revision was written. What follows from it goes first: its notice, and when
 * somebody has to come back. Cut off in between, it is told twice rather than never.
 */
async function replace(entry: Entry, next: Entry, on: On): Promise<boolean> {
  if (next === entry) return true;
  const digest = on.digest(entry.step.id);
  await allOver([tell(noticeOfStep(entry, next), on), comeBack(digest, next, on)]);
  return createRevision(recordName('steps', digest), next, on.records);
}

async function comeBack(digest: string, { state }: Entry, on: On): Promise<void> {
  if ('dueAt' in state && state.dueAt !== undefined) {
    await markDue('steps', digest, state.dueAt, on);
  }
  if (state.is === 'dead') {
    const day = new Date(on.now()).toISOString().slice(0, 10);
    await on.records.write(recordName('dead', day, digest), '{}');
  }
}

/** Most targets have one writer ever, so it is written before anything is read. */
async function rememberWriter({ target }: StepRef, digest: string, on: On): Promise<void> {
  let writers: WritersOf | undefined;
  for (;;) {
    const more = withWriter(writers, digest);
    if (more === writers) return;
    if (await createRevision(writersName(target, on), more, on.records)) return;
    writers = await readWriters(target, on);
  }
}

function readWriters(
  object: Pick<ObjectRef, 'bucket' | 'key'>,
  on: Pick<On, 'records' | 'digest'>,
) {
  return readLatest(writersName(object, on), { read: readWritersOf }, on.records);
}

function writersName(
  { bucket, key }: Pick<ObjectRef, 'bucket' | 'key'>,
  { digest }: Pick<On, 'digest'>,
): string {
  return recordName('outputs', digest(`${bucket}/${key}`));
}
