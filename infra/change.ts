import type { Step } from './step.ts';

/** What people should know about a change before they agree. */
export interface Note {
  /** `gap`: for a while something is not there that was. */
  readonly about: 'slow' | 'gap' | 'cost' | 'know';
  readonly says: string;
}

/** One difference between the account and the model, and the calls that make it go away. */
export interface Change {
  readonly does: 'create' | 'update' | 'replace' | 'delete';
  readonly subject: string;
  readonly lines: readonly string[];
  readonly notes: readonly Note[];
  readonly steps: readonly Step[];
}

/** Everything between the account as it is and as it should be. */
export interface DeployPlan {
  readonly changes: readonly Change[];
  /** Why it may not be carried out as it stands, and what a person has to do or say. */
  readonly refusals: readonly string[];
  readonly notes: readonly Note[];
}

/** What a person has agreed to besides the plan. */
export interface Consent {
  /** Takes over what has our name and not our mark. */
  readonly adopt: boolean;
  /** Deletes functions and makes them anew where nothing else changes their runtime. */
  readonly replaceRuntime: boolean;
}
