import type { Fault } from '../../../shared/core/fault.ts';
import { type Claim, decideClaim } from '../../../shared/progress/claim.ts';
import { deliveriesOf } from '../../../shared/progress/delivery.ts';
import type { Entry } from '../../../shared/progress/entry.ts';
import { type Job, newJob } from '../../../shared/progress/job.ts';
import { type Notice, noticeOfStep } from '../../../shared/progress/notice.ts';
import { isWorkOf } from '../../../shared/progress/own-output.ts';
import type { Receipt } from '../../../shared/progress/receipt.ts';
import {
  buried,
  type Holder,
  reasonToHearAgain,
  settled,
} from '../../../shared/progress/settle.ts';
import type { SourceRef, StepRef } from '../../../shared/progress/step-ref.ts';
import { act, type Path } from './agenda.ts';
import { clockOf, type Invocation } from './invocation.ts';
import { NOTICE_TARGETS } from './rules.ts';
import { REQUEST_MS } from './service.ts';

const LEASE_MS = 90_000;

/** After this a job is stuck, and no longer waited for. */
export const JOB_LOST_MS = 6 * 3_600_000;

export function* claimStep(step: StepRef, source: SourceRef, on: Invocation): Path<Claim> {
  for (;;) {
    const entry = yield* act(() => on.state.entry(step.id));
    const terms = { now: clockOf(on), leaseMs: LEASE_MS };
    const claim = decideClaim(entry, step, source, terms);
    if (!('entry' in claim)) return claim;
    if (yield* act(() => on.state.createEntry(claim.entry))) {
      yield* act(() => on.state.rememberTarget(step.target.key, step.id));
      return claim;
    }
  }
}

/** What an earlier attempt left behind settles the step; nothing when it has to be asked for. */
export function* takeUp(
  claim: Extract<Claim, { entry: Entry }>,
  on: Invocation,
): Path<Receipt | undefined> {
  if (claim.claim === 'taken') return undefined;
  on.service.note('taken over');
  const { entry } = claim;
  const { step } = entry;
  const found = yield* act(() => on.service.objects.get(step.target.key));
  const others = yield* act(() => on.state.entriesAt(step.target.key));
  const jobs = yield* act(() => {
    on.service.looks.set(step.id, on.agenda.now);
    return on.service.listJobs(step.id).filter(({ state, ask }) => {
      const stuck = state !== 'Success' && on.agenda.now - ask.at > JOB_LOST_MS;
      return !/Failed|Cancel/.test(state) && !stuck;
    });
  });
  const by = { attempt: entry.attempt };
  if (found && isWorkOf(entry, found, others)) {
    on.service.note('found');
    const receipt: Receipt = { step, status: 'done', output: { etag: found.etag } };
    yield* settle(receipt, by, on);
    return receipt;
  }
  const job = jobs.at(-1);
  if (job) {
    on.service.note('job found');
    return yield* handToJob(job.id, entry, on);
  }
  if (!claim.buryAs) return undefined;
  yield* bury(entry, claim.buryAs, found?.etag, on);
  return { step, status: 'skipped', because: 'dead' };
}

export function* handToJob(jobId: string, { step, attempt }: Entry, on: Invocation): Path<Receipt> {
  yield* act(() => on.state.saveJob(newJob(jobId, step, clockOf(on))));
  const receipt: Receipt = { step, status: 'accepted', jobId };
  yield* settle(receipt, { attempt }, on);
  return receipt;
}

export function* settle(receipt: Receipt, by: Holder, on: Invocation): Path<void> {
  const { id } = receipt.step;
  for (;;) {
    const entry = yield* act(() => on.state.entry(id));
    if (!entry) return;
    const next = settled(entry, receipt, by, { now: clockOf(on) });
    if (yield* write(entry, next, on)) break;
  }
  for (const ask of on.openAsks) {
    if (ask.step !== id) continue;
    // Who hears an answer and sleeps on it is as good as cut off.
    if (on.agenda.now - ask.at > REQUEST_MS) ask.cutOff = true;
    on.openAsks.delete(ask);
  }
}

export function* settleJob(job: Job, receipt: Receipt, on: Invocation): Path<Fault | undefined> {
  for (;;) {
    const entry = yield* act(() => on.state.entry(job.step.id));
    if (!entry) return undefined;
    const early = reasonToHearAgain(entry);
    if (early) {
      on.service.note('heard too early');
      return early;
    }
    const next = settled(entry, receipt, { jobId: job.id }, { now: clockOf(on) });
    if (yield* write(entry, next, on)) return undefined;
  }
}

export function* bury(
  entry: Entry,
  because: Parameters<typeof buried>[1],
  left: string | undefined,
  on: Invocation,
): Path<void> {
  yield* write(entry, buried(entry, because, left, { attempt: entry.attempt }, clockOf(on)), on);
}

/** The notice goes first: cut off in between, it is told twice rather than never. */
function* write(entry: Entry, next: Entry, on: Invocation): Path<boolean> {
  if (next === entry) return true;
  yield* tell(noticeOfStep(entry, next), on);
  return yield* act(() => on.state.createEntry(next));
}

export function* tell(notice: Notice | undefined, on: Invocation): Path<void> {
  for (const delivery of notice ? deliveriesOf(notice, NOTICE_TARGETS, clockOf(on)) : []) {
    yield* act(() => on.state.createDelivery(delivery));
  }
}
