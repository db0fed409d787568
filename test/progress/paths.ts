import type { Fault } from '../../shared/core/fault.ts';
import type { Source } from '../../shared/core/object-ref.ts';
import { askThrough, type Breaker, CLOSED, heard, tripOf } from '../../shared/progress/breaker.ts';
import { type BudgetScope, type Charge, chargesFor } from '../../shared/progress/budget.ts';
import { advance, reasonToRest } from '../../shared/progress/checkpoint.ts';
import { type Claim, decideClaim, isHeldFor } from '../../shared/progress/claim.ts';
import { deliveriesOf, sent } from '../../shared/progress/delivery.ts';
import type { Entry } from '../../shared/progress/entry.ts';
import {
  advanceJob,
  type Job,
  jobStateOf,
  newJob,
  receiptOf,
  sweepOf,
} from '../../shared/progress/job.ts';
import {
  type Notice,
  noticeOf,
  noticeOfBackfill,
  noticeOfStep,
} from '../../shared/progress/notice.ts';
import { isWorkOf, wroteIt } from '../../shared/progress/own-output.ts';
import { givenBack, nextBlock, type Purse, pay, withBlock } from '../../shared/progress/purse.ts';
import { type Receipt, reasonToReplay } from '../../shared/progress/receipt.ts';
import { buried, type Holder, reasonToHearAgain, settled } from '../../shared/progress/settle.ts';
import type { SourceRef, StepRef } from '../../shared/progress/step-ref.ts';
import { isDue, reasonToBury } from '../../shared/progress/sweep.ts';
import { type Agenda, act, type Path } from './agenda.ts';
import type { Chance } from './chance.ts';
import { LIMITS, NOTICE_TARGETS, type PlannedStep, PRICE, stepsFor } from './rules.ts';
import { type Ask, BUCKET, REGION, REQUEST_MS, type Service } from './service.ts';
import type { State } from './state.ts';

/** A warm instance of a function: what it holds is gone when it is killed. */
export interface Instance {
  purse: Purse;
  breaker: Breaker;
}

export const newInstance = (): Instance => ({ purse: new Map(), breaker: CLOSED });

/** One invocation, and what it has at hand. */
export interface Invocation {
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly service: Service;
  readonly state: State;
  readonly instance: Instance;
  readonly skewMs: number;
  readonly rulesVersion: () => number;
  readonly received: Map<string, string[]>;
  /** Requests whose answers did not reach the ledger yet. */
  readonly openAsks: Set<Ask>;
}

export const SKEW_MS = 2000;
const LEASE_MS = 90_000;
const SWEEP = { quietMs: 120_000, lostMs: 6 * 3_600_000 };

const clockOf = ({ agenda, skewMs }: Invocation) => agenda.now + skewMs;

/** Path 5.1 for one event: whatever it returns is thrown, and the event delivered again. */
export function* onUpload(key: string, on: Invocation): Path<Fault | undefined> {
  return reasonToReplay(yield* processObject(key, on));
}

function* processObject(
  key: string,
  on: Invocation,
  backfill?: BudgetScope['backfill'],
): Path<Receipt[]> {
  const source = yield* head(key, on);
  if (!source) return [];
  const ours = (yield* act(() => on.state.entriesAt(key))).some((entry) => wroteIt(entry, source));
  if (ours) return [];
  const steps = stepsFor(source, on.rulesVersion());
  if (steps.length > 0 && on.service.objects.get(key)?.by === 'service') {
    const etagNow = on.service.objects.get(key)?.etag;
    if (etagNow === source.etag) on.service.wrongs.push(`an output became a source: ${key}`);
  }
  return yield* submit(source, steps, on, backfill);
}

function* submit(
  source: Source,
  steps: readonly PlannedStep[],
  on: Invocation,
  backfill?: BudgetScope['backfill'],
): Path<Receipt[]> {
  const receipts: Receipt[] = [];
  const taken: Taken[] = [];
  for (const step of steps) {
    const claim = yield* claimStep(step, source, on);
    if (!('entry' in claim)) {
      receipts.push({ step, status: 'skipped', because: claim.claim });
      continue;
    }
    const found = yield* takeUp(claim, on);
    if (found) receipts.push(found);
    else taken.push({ step, entry: claim.entry });
  }
  for (const request of requestsFor(taken)) {
    receipts.push(...(yield* perform(source.key, request, on, backfill)));
  }
  return receipts;
}

interface Taken {
  readonly step: PlannedStep;
  readonly entry: Entry;
}

function requestsFor(taken: readonly Taken[]): Taken[][] {
  const shared = taken.filter(({ step }) => step.sharesRequest);
  const alone = taken.filter(({ step }) => !step.sharesRequest);
  return [...(shared.length > 0 ? [shared] : []), ...alone.map((one) => [one])];
}

function* claimStep(step: StepRef, source: SourceRef, on: Invocation): Path<Claim> {
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
function* takeUp(
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
      const stuck = state !== 'Success' && on.agenda.now - ask.at > SWEEP.lostMs;
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

function* handToJob(jobId: string, { step, attempt }: Entry, on: Invocation): Path<Receipt> {
  yield* act(() => on.state.saveJob(newJob(jobId, step, clockOf(on))));
  const receipt: Receipt = { step, status: 'accepted', jobId };
  yield* settle(receipt, { attempt }, on);
  return receipt;
}

function* perform(
  sourceKey: string,
  request: readonly Taken[],
  on: Invocation,
  backfill: BudgetScope['backfill'],
): Path<Receipt[]> {
  const { instance, service, agenda } = on;
  const all = function* (receiptFor: (step: PlannedStep) => Receipt): Path<Receipt[]> {
    const receipts = request.map(({ step }) => receiptFor(step));
    for (const [index, { entry }] of request.entries()) {
      const receipt = receipts[index];
      if (receipt) yield* settle(receipt, { attempt: entry.attempt }, on);
    }
    return receipts;
  };

  const costs = request.map(({ step }, index) => {
    return { rule: step.rule, requests: index === 0 ? 1 : 0, money: PRICE };
  });
  const now = clockOf(on);
  const day = new Date(now).toISOString().slice(0, 10);
  const charges = chargesFor(costs, LIMITS, { now, ...(backfill && { backfill }) });
  const short = yield* payFor(charges, on);
  if (short) {
    service.note('over budget');
    const { until } = short;
    return yield* all((step) => ({ step, status: 'skipped', because: 'over-budget', until }));
  }

  const through = askThrough(instance.breaker, clockOf(on));
  if (!through.may) {
    service.note('breaker open');
    instance.purse = givenBack(instance.purse, charges);
    const { until } = through;
    return yield* all((step) => ({ step, status: 'skipped', because: 'breaker-open', until }));
  }
  instance.breaker = through.breaker;

  const answer = yield* act(() => {
    // Clocks of two instances may be apart by twice the skew of one.
    const held = ({ entry }: Taken) =>
      isHeldFor(REQUEST_MS + 2 * SKEW_MS, entry, agenda.now + on.skewMs);
    if (!request.every(held)) return undefined;
    const answered = service.ask(
      sourceKey,
      request.map(({ step }) => step),
      { day, backfill: backfill?.name },
    );
    for (const ask of answered.asks) on.openAsks.add(ask);
    return answered.receipts;
  });
  if (!answer) {
    service.note('lease over');
    instance.purse = givenBack(instance.purse, charges);
    return request.map(({ step }) => ({ step, status: 'skipped', because: 'in-progress' }));
  }

  const [first] = answer;
  const fault = first?.status === 'failed' ? first.fault : undefined;
  instance.breaker = heard(instance.breaker, tripOf(fault), clockOf(on));
  if (fault?.code === 'COS_THROTTLED') instance.purse = givenBack(instance.purse, charges);
  for (const [index, { entry }] of request.entries()) {
    const receipt = answer[index];
    if (receipt?.status === 'accepted') yield* handToJob(receipt.jobId, entry, on);
    else if (receipt) yield* settle(receipt, { attempt: entry.attempt }, on);
  }
  return answer;
}

function* payFor(charges: readonly Charge[], on: Invocation): Path<Charge | undefined> {
  const { instance, state } = on;
  for (;;) {
    const outcome = pay(instance.purse, charges);
    if ('paid' in outcome) {
      instance.purse = outcome.paid;
      return undefined;
    }
    const { short } = outcome;
    const last = yield* act(() => state.blocks(short.name).at(-1));
    const block = nextBlock(last, short, instance.purse);
    if (!block) return short;
    if (yield* act(() => state.createBlock(short.name, block))) {
      instance.purse = withBlock(instance.purse, short, block);
    }
  }
}

function* settle(receipt: Receipt, by: Holder, on: Invocation): Path<void> {
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

function* bury(
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

function* tell(notice: Notice | undefined, on: Invocation): Path<void> {
  for (const delivery of notice ? deliveriesOf(notice, NOTICE_TARGETS, clockOf(on)) : []) {
    yield* act(() => on.state.createDelivery(delivery));
  }
}

/** Path 5.4. A fault means that the news has to be heard again. */
export function* refreshJob(id: string, on: Invocation, orLost = false): Path<Fault | undefined> {
  const job = yield* act(() => on.state.job(id));
  if (!job) return undefined;
  const word = yield* act(() => on.service.jobState(id));
  const state = jobStateOf(word ?? '') ?? 'lost';
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

function* settleJob(job: Job, receipt: Receipt, on: Invocation): Path<Fault | undefined> {
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

/** One slice of a backfill, path 5.2. */
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
    const next = advance(at, { seen: page.keys.length, receipts, next: page.next });
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

function* head(key: string, { service }: Invocation): Path<Source | undefined> {
  const found = yield* act(() => service.objects.get(key));
  if (!found) return undefined;
  const { etag, modified } = found;
  return {
    bucket: BUCKET,
    region: REGION,
    key,
    etag,
    modified,
    size: 1,
    contentType: '',
    metadata: {},
  };
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
