import type { Fault } from '../../../shared/core/fault.ts';
import type { Source } from '../../../shared/core/object-ref.ts';
import { askThrough, heard, tripOf } from '../../../shared/progress/breaker.ts';
import { type BudgetScope, type Charge, chargesFor } from '../../../shared/progress/budget.ts';
import { isHeldFor } from '../../../shared/progress/claim.ts';
import type { Entry } from '../../../shared/progress/entry.ts';
import { wroteIt } from '../../../shared/progress/own-output.ts';
import { givenBack, nextBlock, pay, withBlock } from '../../../shared/progress/purse.ts';
import { type Receipt, reasonToReplay } from '../../../shared/progress/receipt.ts';
import { act, type Path } from './agenda.ts';
import { clockOf, type Invocation, SKEW_MS } from './invocation.ts';
import { claimStep, handToJob, settle, takeUp } from './ledger-path.ts';
import { LIMITS, type PlannedStep, PRICE, stepsFor } from './rules.ts';
import { BUCKET, REGION, REQUEST_MS } from './service.ts';

/** An event becomes receipts. Whatever is returned is thrown, and the event delivered again. */
export function* onUpload(key: string, on: Invocation): Path<Fault | undefined> {
  return reasonToReplay(yield* processObject(key, on));
}

export function* processObject(
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

export function* submit(
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

export function* head(key: string, { service }: Invocation): Path<Source | undefined> {
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
