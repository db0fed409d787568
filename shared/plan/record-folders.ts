interface RecordFolder {
  readonly holds: string;
  /** After so many days without a change a record is of no more use; nothing where it stays. */
  readonly days?: number;
}

/**
 * Where records lie below the prefix of the state, and when a rule of the bucket may drop them: no
 * function may delete anything.
 */
export const RECORD_FOLDERS = {
  steps: { holds: 'what became of each step', days: 400 },
  outputs: { holds: 'which steps write to an object', days: 400 },
  dead: { holds: 'steps that were given up, by the day', days: 400 },
  backfills: { holds: 'how far each backfill is', days: 400 },
  jobs: { holds: 'jobs of the service', days: 90 },
  budget: { holds: 'parts of limits that were reserved', days: 90 },
  notices: { holds: 'notices and whether they were heard', days: 30 },
  runs: { holds: 'what was asked for on demand', days: 30 },
  revisions: { holds: 'each change of these by itself', days: 30 },
  due: { holds: 'when the timer comes back to what', days: 14 },
  sweep: { holds: 'how far the timer is' },
  rules: { holds: 'rules that were published' },
} as const satisfies Record<string, RecordFolder>;

export type RecordFolderName = keyof typeof RECORD_FOLDERS;
