import type { Fault } from '../core/fault.ts';
import type { Output, PostponedBecause } from './receipt.ts';
import type { SourceRef, StepRef } from './step-ref.ts';

/** What the ledger remembers of one step. Several may change it at once: see `revision`. */
export interface Entry {
  readonly step: StepRef;
  readonly source: SourceRef;
  /**
   * Rises by one with each change. A store writes a revision only where there is none yet, so of
   * several who change the same entry one succeeds, and the others read it again and decide anew.
   */
  readonly revision: number;
  /** From 1. A step that was postponed was not attempted. */
  readonly attempt: number;
  /** When it was first taken. What appears at the target after this may be its work. */
  readonly since: number;
  /** When it was changed last. */
  readonly changedAt: number;
  /**
   * Whether an attempt may have been carried out without our hearing of it: its holder was cut off,
   * or its answer was lost. From then on the target is looked at before anything is asked again.
   */
  readonly unsure: boolean;
  /** What went wrong last. */
  readonly trouble?: Trouble;
  readonly state: EntryState;
}

export type EntryState =
  /** Held until the lease ends. `buryAs`: only to look for the output once more, never to ask. */
  | { readonly is: 'open'; readonly leaseUntil: number; readonly buryAs?: DeadBecause }
  | { readonly is: 'done'; readonly output: Output }
  /** A job has it now: as good as done, until the job says otherwise. */
  | { readonly is: 'accepted'; readonly jobId: string }
  | { readonly is: 'failed'; readonly dueAt: number; readonly buryAs?: DeadBecause }
  /** Anyone may take it at any time; the sweep does when it is due. */
  | { readonly is: 'postponed'; readonly because: PostponedBecause; readonly dueAt?: number }
  /** `left`: the etag of what stood at the target then, which may well be our late work. */
  | { readonly is: 'dead'; readonly because: DeadBecause; readonly left?: string };

/** Why a step will not be tried again unless a person says so. */
export type DeadBecause =
  | 'fault'
  | 'too-many-attempts'
  | 'ignored'
  | 'source-gone'
  | 'source-changed'
  | 'no-longer-planned';

/** A fault as it is remembered. The code is for people by then; what followed from it is decided. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
}

const LONGEST_MESSAGE = 500;

export function troubleOf(fault: Fault): Trouble {
  return { code: fault.code, message: fault.message.slice(0, LONGEST_MESSAGE) };
}

/** The entry one revision on. */
export function changed(
  entry: Entry,
  now: number,
  change: Partial<Pick<Entry, 'attempt' | 'unsure' | 'trouble' | 'state'>>,
): Entry {
  return { ...entry, ...change, revision: entry.revision + 1, changedAt: now };
}
