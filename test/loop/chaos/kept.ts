import type { Delivery } from '../../../shared/progress/delivery.ts';
import type { Entry } from '../../../shared/progress/entry.ts';
import type { Job } from '../../../shared/progress/job.ts';
import { readDelivery } from '../../../shared/progress/read-delivery.ts';
import { readJob } from '../../../shared/progress/read-job.ts';
import { readStep } from '../../../shared/run/ledger.ts';
import { lastOfName } from '../../../shared/run/record-names.ts';
import type { Shelf } from './shelf.ts';

/** Everything the functions remember. */
export interface Kept {
  readonly entries: readonly Entry[];
  readonly jobs: readonly Job[];
  readonly deliveries: readonly Delivery[];
  /** Names of backfills. */
  readonly backfills: readonly string[];
}

export async function keptIn(shelf: Shelf): Promise<Kept> {
  const records = shelf.records();
  const texts = (folder: string) => shelf.namesIn(folder).map((name) => shelf.read(name) ?? '');
  const entries = await Promise.all(
    shelf.namesIn('steps/').map((name) => readStep(lastOfName(name), { records })),
  );
  const backfills = shelf
    .foldersIn('backfills/')
    .map((folder) => decodeURIComponent(folder.slice('backfills/'.length, -1)));
  return {
    entries: entries.flatMap((entry) => entry ?? []),
    jobs: texts('jobs/').map(readJob),
    deliveries: texts('notices/').map(readDelivery),
    backfills,
  };
}
