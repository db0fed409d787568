import { Fault, type FaultCode } from '../core/fault.ts';
import { changed, type DeadBecause, type Entry, troubleOf } from './entry.ts';
import type { Receipt } from './receipt.ts';
import { pauseAfter, type Retries, STEP_RETRIES } from './retries.ts';

/** Who speaks for a step: the attempt that took it, or the job that has it since. */
export type Holder = { readonly attempt: number } | { readonly jobId: string };

export interface SettleTerms {
  readonly now: number;
  readonly retries?: Retries;
}

/** After these we know that nothing was carried out. After any other fault we do not. */
const NOT_CARRIED_OUT: ReadonlySet<FaultCode> = new Set([
  'COS_THROTTLED',
  'COS_DENIED',
  'PRICE_UNKNOWN',
  'JOB_FAILED',
  'JOB_CANCELLED',
]);

/**
 * The entry once a receipt is known. Only whoever holds the step is heard: a worker that was
 * believed dead, a job that was given up and a report that comes twice give the very same entry
 * back. Whoever took the step since looks at the target and finds what they did.
 */
export function settled(entry: Entry, receipt: Receipt, by: Holder, terms: SettleTerms): Entry {
  if (!holds(by, entry)) return entry;
  switch (receipt.status) {
    case 'done':
      return changed(entry, terms.now, { state: { is: 'done', output: receipt.output } });
    case 'accepted':
      return changed(entry, terms.now, { state: { is: 'accepted', jobId: receipt.jobId } });
    case 'failed':
      return failed(entry, receipt.fault, terms);
    case 'skipped':
      if (!('until' in receipt)) return entry;
      return changed(entry, terms.now, {
        state:
          receipt.until === undefined
            ? { is: 'postponed', because: receipt.because }
            : { is: 'postponed', because: receipt.because, dueAt: receipt.until },
      });
  }
}

/**
 * Why a job's report cannot be settled yet: somebody is at the step, and may be about to hand it to
 * this very job. The report has to be heard again, so the job must not be saved as ended.
 */
export function reasonToHearAgain(entry: Entry): Fault | undefined {
  if (entry.state.is !== 'open') return undefined;
  return new Fault('STEP_HELD', `Not yet handed to its job: ${entry.step.id}`);
}

/** The entry of a step that will not be tried again; `left` is the etag of what stands at its target. */
export function buried(
  entry: Entry,
  because: DeadBecause,
  left: string | undefined,
  by: Holder,
  now: number,
): Entry {
  if (!holds(by, entry)) return entry;
  return changed(entry, now, {
    state: left === undefined ? { is: 'dead', because } : { is: 'dead', because, left },
  });
}

/** A dead step that a person wants tried again: due at once, with all of its attempts. */
export function revived(entry: Entry, now: number): Entry {
  if (entry.state.is !== 'dead') return entry;
  return changed(entry, now, { attempt: 0, state: { is: 'failed', dueAt: now } });
}

function holds(by: Holder, { attempt, state }: Entry): boolean {
  if ('jobId' in by) return state.is === 'accepted' && state.jobId === by.jobId;
  return state.is === 'open' && attempt === by.attempt;
}

function failed(entry: Entry, fault: Fault, { now, retries = STEP_RETRIES }: SettleTerms): Entry {
  const unsure = entry.unsure || !NOT_CARRIED_OUT.has(fault.code);
  const because = reasonToGiveUp(entry, fault, retries);
  const trouble = troubleOf(fault);
  // What may have been carried out after all is looked for once more before it is buried.
  if (because && !unsure) return changed(entry, now, { trouble, state: { is: 'dead', because } });
  const dueAt = now + pauseAfter(entry.attempt, retries);
  return changed(entry, now, {
    trouble,
    unsure,
    state: because ? { is: 'failed', dueAt, buryAs: because } : { is: 'failed', dueAt },
  });
}

function reasonToGiveUp(entry: Entry, fault: Fault, retries: Retries): DeadBecause | undefined {
  if (entry.step.whenItFails === 'ignore') return 'ignored';
  if (fault.retry === 'never') return 'fault';
  return entry.attempt >= retries.attempts ? 'too-many-attempts' : undefined;
}
