import { allOver } from '../core/all-over.ts';
import { Fault, toFault } from '../core/fault.ts';
import type { Source } from '../core/object-ref.ts';
import type { Step } from '../plan/plan.ts';
import { type Request, requestsFor } from '../plan/requests-for.ts';
import { askThrough, heard, tripOf } from '../progress/breaker.ts';
import type { BudgetScope, Charge } from '../progress/budget.ts';
import { isHeldFor } from '../progress/claim.ts';
import type { DeadBecause, Entry } from '../progress/entry.ts';
import type { Receipt } from '../progress/receipt.ts';
import { ticketedSteps } from '../progress/ticket.ts';
import { giveBack, payFor, stepsIn } from './budget.ts';
import { handToJob } from './jobs.ts';
import { buryStep, claimStep, settleStep } from './ledger.ts';
import type { Performed, Suite } from './ports.ts';
import { takeUp } from './take-up.ts';

/** A picture is processed within seconds; nobody waits longer than this for the answer. */
const LONGEST_REQUEST_MS = 60_000;
/** The event of an upload may come before the upload has made its outputs: so long they are waited for. */
const UPLOAD_MS = LONGEST_REQUEST_MS;
/** With less time than this left, nothing is asked that may cost money. */
const SHORTEST_REQUEST_MS = 1000;
/** As far as clocks of two instances may be apart, both ways. */
const SKEW_MS = 20_000;
/** Long enough to wait for one's turn, ask and hear. */
const LEASE_MS = 3 * 60_000;

export type SubmitOn = Pick<
  Suite,
  | 'records'
  | 'digest'
  | 'now'
  | 'rules'
  | 'objects'
  | 'ci'
  | 'instance'
  | 'deadline'
  | 'seals'
  | 'log'
>;

export interface SubmitTerms {
  readonly backfill?: BudgetScope['backfill'];
}

interface Held {
  readonly step: Step;
  readonly entry: Entry;
}

/**
 * Carries steps out, as far as nobody else does or did, the upload of the source among them: one
 * receipt for each.
 */
export async function submit(
  source: Source,
  steps: readonly Step[],
  on: SubmitOn,
  terms: SubmitTerms = {},
): Promise<readonly Receipt[]> {
  const ticketed = ticketedSteps(source, steps, on);
  const taken = await allOver(steps.map((step) => take(source, step, ticketed.has(step.id), on)));
  const held = new Map(
    taken.flatMap((one) => ('entry' in one ? [[one.step.id, one.entry] as const] : [])),
  );
  const ours = steps.filter(({ id }) => held.has(id));
  const tried = new Set(ours.map(({ id }) => id).filter((id) => (held.get(id)?.attempt ?? 1) > 1));
  const requests = requestsFor(source, ours, tried);
  const asked = await allOver(
    requests.filter(keepsSource).map((request) => carryOut(request, held, on, terms)),
  );
  // What replaces the source waits until the others have seen the bytes they were planned for.
  for (const request of requests.filter((one) => !keepsSource(one))) {
    asked.push(await carryOut(request, held, on, terms));
  }
  const receipts = [...taken.flatMap((one) => ('entry' in one ? [] : [one])), ...asked.flat()];
  for (const receipt of receipts) logReceipt(source, receipt, on);
  return receipts;
}

function keepsSource(request: Request): boolean {
  return !stepsIn(request).some(({ replacesSource }) => replacesSource);
}

/** Ends a step that is not planned any more, unless an earlier attempt turns out to have done it. */
export async function giveUp(entry: Entry, because: DeadBecause, on: SubmitOn): Promise<void> {
  const claim = await claimStep(entry.step, entry.source, { leaseMs: LEASE_MS }, on);
  if (!('entry' in claim) || (await takeUp(claim, on))) return;
  const left = await on.objects.head(entry.step.target);
  await buryStep(claim.entry, because, left?.etag, on);
  on.log.warn('given up', { step: entry.step.id, because });
}

/** The step as it is held now, or what there is to say of it without asking. */
async function take(
  source: Source,
  step: Step,
  mayBeDone: boolean,
  on: SubmitOn,
): Promise<Held | Receipt> {
  const claim = await claimStep(step, source, { leaseMs: LEASE_MS, mayBeDone }, on);
  if (!('entry' in claim)) return { step, status: 'skipped', because: claim.claim };
  const found = await takeUp(claim, on);
  if (found) return found;
  const until = source.modified + UPLOAD_MS;
  if (!mayBeDone || on.now() >= until) return { step, entry: claim.entry };
  const receipt: Receipt = { step, status: 'skipped', because: 'upload-under-way', until };
  await settleStep(receipt, { attempt: claim.entry.attempt }, claim.entry, on);
  return receipt;
}

async function carryOut(
  request: Request,
  held: ReadonlyMap<string, Entry>,
  on: SubmitOn,
  { backfill }: SubmitTerms,
): Promise<readonly Receipt[]> {
  const receipts = await ask(request, held, backfill, on);
  await allOver(
    receipts.map(async (receipt) => {
      const entry = held.get(receipt.step.id);
      if (!entry) return;
      if (receipt.status === 'accepted') await handToJob(receipt.jobId, entry, on);
      else await settleStep(receipt, { attempt: entry.attempt }, entry, on);
    }),
  );
  return receipts;
}

/** Asks when it is paid for, makes sense, and nobody else can have taken the steps meanwhile. */
async function ask(
  request: Request,
  held: ReadonlyMap<string, Entry>,
  backfill: BudgetScope['backfill'],
  on: SubmitOn,
): Promise<readonly Receipt[]> {
  const all = (receiptFor: (step: Step) => Receipt) => stepsIn(request).map(receiptFor);
  const payment = await pay(request, backfill, on);
  if (payment instanceof Fault) {
    return all((step) => ({ step, status: 'failed', fault: payment }));
  }
  if ('short' in payment) {
    const { until } = payment.short;
    return all((step) => ({ step, status: 'skipped', because: 'over-budget', until }));
  }

  const through = askThrough(on.instance.breaker, on.now());
  if (!through.may) {
    giveBack(payment.paid, on);
    const { until } = through;
    return all((step) => ({ step, status: 'skipped', because: 'breaker-open', until }));
  }

  const timeoutMs = Math.min(LONGEST_REQUEST_MS, on.deadline.leftMs());
  const stillHeld = stepsIn(request).every(({ id }) => {
    const entry = held.get(id);
    return entry !== undefined && isHeldFor(timeoutMs + SKEW_MS, entry, on.now());
  });
  if (timeoutMs < SHORTEST_REQUEST_MS || !stillHeld) {
    giveBack(payment.paid, on);
    return all((step) => ({ step, status: 'skipped', because: 'in-progress' }));
  }

  on.instance.breaker = through.breaker;
  const { receipts, fault, requestId } = await perform(request, timeoutMs, on);
  on.instance.breaker = heard(on.instance.breaker, tripOf(fault), on.now());
  if (fault?.code === 'COS_THROTTLED') giveBack(payment.paid, on);
  on.log.info('asked', {
    key: request.source.key,
    etag: request.source.etag,
    steps: receipts.map(({ step }) => step.id),
    ciRequestId: requestId,
    ...(fault && { fault }),
  });
  return receipts;
}

/** A budget in money over what has no price is a fault of the steps, not of the function. */
async function pay(
  request: Request,
  backfill: BudgetScope['backfill'],
  on: SubmitOn,
): Promise<{ readonly paid: readonly Charge[] } | { readonly short: Charge } | Fault> {
  try {
    return await payFor(request, backfill, on);
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'PRICE_UNKNOWN') return thrown;
    throw thrown;
  }
}

/** The one place where a thrown error becomes receipts. */
async function perform(
  request: Request,
  timeoutMs: number,
  { ci }: Pick<SubmitOn, 'ci'>,
): Promise<Performed & { readonly fault: Fault | undefined }> {
  try {
    const performed = await ci.perform(request, { timeoutMs });
    const [first] = performed.receipts;
    return { ...performed, fault: first?.status === 'failed' ? first.fault : undefined };
  } catch (thrown) {
    const fault = toFault(thrown, 'OUTCOME_UNKNOWN');
    const receipts = stepsIn(request).map((step): Receipt => ({ step, status: 'failed', fault }));
    const { requestId } = fault.detail;
    return {
      receipts,
      requestId: typeof requestId === 'string' ? requestId : undefined,
      fault,
    };
  }
}

function logReceipt({ key, etag }: Source, receipt: Receipt, { log }: SubmitOn): void {
  const { id, rule, template, operation, target } = receipt.step;
  const fields = { key, etag, step: id, rule, template, operation, target: target.key };
  const { status } = receipt;
  if (status === 'done') log.info(status, { ...fields, output: receipt.output });
  else if (status === 'accepted') log.info(status, { ...fields, jobId: receipt.jobId });
  else if (status === 'skipped') log.info(status, { ...fields, because: receipt.because });
  else log.warn(status, { ...fields, fault: receipt.fault });
}
