import type { Budget } from '../plan/rules.ts';

/** Objects that are there already, to be treated as if they had just been uploaded. */
export interface Backfill {
  readonly name: string;
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
  /** Rule names; all rules where none is named. */
  readonly rules: readonly string[];
  readonly budget: Budget;
}

/** As many steps as it may submit: without a limit, more than there are objects anywhere. */
export function maxSubmittedOf({ requests }: Budget): number {
  return requests === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(requests);
}
