import type { Fault } from '../../../shared/core/fault.ts';
import { advance, reasonToRest } from '../../../shared/progress/checkpoint.ts';
import { sent } from '../../../shared/progress/delivery.ts';
import type { Entry } from '../../../shared/progress/entry.ts';
import { advanceJob, jobStateOf, receiptOf, sweepOf } from '../../../shared/progress/job.ts';
import { noticeOf, noticeOfBackfill } from '../../../shared/progress/notice.ts';
import type { Receipt } from '../../../shared/progress/receipt.ts';
import { isDue, reasonToBury } from '../../../shared/progress/sweep.ts';
import { act, type Path } from './agenda.ts';
import { clockOf, type Invocation } from './invocation.ts';
import { bury, claimStep, JOB_LOST_MS, settleJob, takeUp, tell } from './ledger-path.ts';
import { stepsFor } from './rules.ts';
import { head, processObject, submit } from './upload-path.ts';

const SWEEP = { quietMs: 120_000, lostMs: JOB_LOST_MS };

/** A job is asked about, its step settled, its news told. A fault: it has to be heard again. */
export function* refreshJob(id: string, on: Invocation, orLost = false): Path<Fault | undefined> {
  const job = yield* act(() => on.state.job(id));
  if (!job) return undefined;
  const word = yield* act(() => on.service.jobState(id));
  const state = word === undefined ? 'lost' : (jobStateOf(word) ?? job.state);
  const told = advanceJob(job, { state }, clockOf(on));
  const after = orLost ? advanceJob(told, { state: 'lost' }, clockOf(on)) : told;
  if (after === job) return undefined;

  const output = yield* act(() => on.service.objects.get(job.step.target.key));
  const receipt = receiptOf(after, output && { etag: output.etag });
  if (receipt) {
    const early = yield* settleJob(job, receipt, on);
    if (early) return early;
  }
  yield* tell(noticeOf(job, after), on);
  yield* act(() => on.state.saveJob(after));
  return undefined;
}

/** One tick of the timer: what nobody else comes back to. */
export function* sweep(on: Invocation): Path<void> {
  for (const entry of yield* act(() => on.state.entries())) {
    if (isDue(entry, clockOf(on))) yield* takeUpAgain(entry, on);
  }
  for (const job of yield* act(() => on.state.jobs())) {
    const what = sweepOf(job, { now: clockOf(on), ...SWEEP });
    if (what !== 'leave') yield* refreshJob(job.id, on, what === 'ask-then-lost');
  }
  for (const delivery of yield* act(() => on.state.deliveries())) {
    if (delivery.state !== 'waiting' || delivery.dueAt > clockOf(on)) continue;
    const status = yield* act(() => post(delivery.id, delivery.target, delivery.body, on));
    const after = sent(delivery, status, clockOf(on));
    yield* act(() => on.state.saveDelivery(after));
  }
}

function* takeUpAgain(entry: Entry, on: Invocation): Path<void> {
  const { key } = entry.source;
  const source = yield* head(key, on);
  const steps = source ? stepsFor(source, on.rulesVersion()) : [];
  const because = reasonToBury(entry, source, { steps });
  const step = steps.find(({ id }) => id === entry.step.id);
  if (!because && source && step) {
    yield* submit(source, [step], on);
    return;
  }
  const claim = yield* claimStep(entry.step, entry.source, on);
  if (!('entry' in claim)) return;
  if (yield* takeUp(claim, on)) return;
  const left = yield* act(() => on.service.objects.get(entry.step.target.key));
  if (because) yield* bury(claim.entry, because, left?.etag, on);
}

/** One slice of a backfill: a few pages, each object as if its event had come. */
export function* runSlice(backfill: string, on: Invocation): Path<void> {
  let checkpoint = yield* act(() => on.state.checkpoint(backfill));
  for (let pages = 0; pages < 3; pages += 1) {
    if (!checkpoint || reasonToRest(checkpoint, clockOf(on))) return;
    const at = checkpoint;
    const page = yield* act(() => list(at.cursor, on));
    const receipts: Receipt[] = [];
    const budget = { requests: at.maxSubmitted };
    for (const key of page.keys) {
      receipts.push(...(yield* processObject(key, on, { name: backfill, budget })));
    }
    const next = advance(at, { seen: page.keys.length, receipts, unread: 0, next: page.next });
    if (next === at) return;
    yield* tell(noticeOfBackfill(at, next), on);
    if (!(yield* act(() => on.state.createCheckpoint(next)))) return;
    checkpoint = next;
  }
}

function list(cursor: string, { service }: Invocation) {
  const keys = [...service.objects.keys()].filter((key) => key > cursor).sort();
  const page = keys.slice(0, 3);
  return { keys: page, next: keys.length > page.length ? page.at(-1) : undefined };
}

function post(id: string, target: string, body: string, on: Invocation): number | undefined {
  const status = on.chance.odd(30) ? on.chance.oneOf(200, 500, 410, undefined) : 200;
  // An answer that is lost does not mean that the notice was.
  if (status === 200 || status === undefined) {
    const name = `${id} to ${target}`;
    on.received.set(name, [...(on.received.get(name) ?? []), body]);
  }
  return status;
}
