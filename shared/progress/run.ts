import type { ObjectRef } from '../core/object-ref.ts';
import type { Trouble } from './entry.ts';
import type { StepRef } from './step-ref.ts';

export const RUN_STATES = ['waiting', 'carried-out', 'refused'] as const;

/** What somebody asked for on demand: a template for an object. What came of its steps, the ledger knows. */
export interface Run {
  readonly id: string;
  /** Only its caller may ask about it. */
  readonly caller: string;
  readonly object: ObjectRef;
  /** `cutout@2` */
  readonly template: string;
  /** `refused`: nothing could be planned, and `trouble` says why. */
  readonly state: (typeof RUN_STATES)[number];
  /** Empty until it was planned. */
  readonly steps: readonly StepRef[];
  readonly createdAt: number;
  readonly changedAt: number;
  readonly trouble?: Trouble;
}
