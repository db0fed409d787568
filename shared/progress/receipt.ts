import { Fault } from '../core/fault.ts';
import type { StepRef } from './step-ref.ts';

/** What stands at a target now. Sizes are there where the service told them. */
export interface Output {
  readonly etag: string;
  readonly size?: number;
  readonly width?: number;
  readonly height?: number;
}

/** What became of one step. Every step of a plan gets exactly one. */
export type Receipt =
  | { readonly step: StepRef; readonly status: 'done'; readonly output: Output }
  | { readonly step: StepRef; readonly status: 'accepted'; readonly jobId: string }
  | { readonly step: StepRef; readonly status: 'skipped'; readonly because: SkippedBecause }
  | {
      readonly step: StepRef;
      readonly status: 'skipped';
      readonly because: PostponedBecause;
      /** When it may be asked again; nothing where a person has to decide that. */
      readonly until: number | undefined;
    }
  | { readonly step: StepRef; readonly status: 'failed'; readonly fault: Fault };

/** `waiting`: it failed, and the pause before the next try is not over. */
export type SkippedBecause = 'already-done' | 'in-progress' | 'waiting' | 'dead';

/**
 * Not asked for, through no fault of the step: it costs no attempt. `upload-under-way`: the upload is
 * to make the output itself, and its event may well overtake it.
 */
export type PostponedBecause = 'over-budget' | 'breaker-open' | 'upload-under-way';

/**
 * Why trying these steps again soon could help; nothing when there is nothing to gain. A step in
 * progress counts: whoever took it may have been cut off. A step that waits or is over its budget
 * does not: the ledger knows when it is due, and being called again a minute later only costs.
 */
export function reasonToReplay(receipts: readonly Receipt[]): Fault | undefined {
  for (const receipt of receipts) {
    const { step } = receipt;
    if (step.whenItFails === 'ignore') continue;
    if (receipt.status === 'failed' && receipt.fault.retry === 'later') return receipt.fault;
    if (receipt.status !== 'skipped') continue;
    if (receipt.because === 'in-progress') {
      return new Fault('STEP_HELD', `Still in progress: ${step.id}`);
    }
    if (receipt.because === 'upload-under-way') {
      return new Fault('STEP_HELD', `Still made by its upload: ${step.id}`);
    }
    if (receipt.because === 'breaker-open') {
      return new Fault('BREAKER_OPEN', `Not asked for while the service fails: ${step.id}`);
    }
  }
  return undefined;
}
