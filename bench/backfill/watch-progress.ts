import { digest } from '../../shared/client/digest.ts';
import type { Checkpoint } from '../../shared/progress/checkpoint.ts';
import { loadCheckpoint } from '../../shared/run/backfills.ts';
import { RULES } from './account.ts';
import type { Owner } from './owner.ts';

/** Reads a backfill's progress through its records, as anybody may, and says how that went. */
export interface ProgressWatch {
  look(): Promise<Checkpoint | undefined>;
  told(): { readonly readings: number; readonly wentBack: number };
}

export async function watchProgress(name: string, owner: Owner): Promise<ProgressWatch> {
  const on = { records: await owner.records, digest, now: Date.now, rules: RULES };
  let [readings, wentBack] = [0, 0];
  let last: Checkpoint | undefined;
  return {
    async look() {
      const checkpoint = await loadCheckpoint(name, on);
      if (checkpoint) readings += 1;
      if (last && (!checkpoint || isBehind(checkpoint, last))) wentBack += 1;
      last = checkpoint ?? last;
      return last;
    },
    told: () => ({ readings, wentBack }),
  };
}

function isBehind(checkpoint: Checkpoint, last: Checkpoint): boolean {
  const { seen, submitted, cursor, revision } = checkpoint;
  if (revision < last.revision || seen < last.seen || submitted < last.submitted) return true;
  return checkpoint.state === 'running' && cursor < last.cursor;
}
