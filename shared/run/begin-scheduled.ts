import { bucketName } from '../plan/bucket-name.ts';
import { startBackfill } from './backfills.ts';
import type { Suite } from './ports.ts';

/**
 * Begins the backfills of the schedule that a timer names, one a bucket. A tick that comes twice names
 * the same backfills; a tick that names none, or one that the rules no longer have, begins none.
 */
export async function beginScheduled(
  schedule: string,
  at: number,
  on: Pick<Suite, 'records' | 'digest' | 'now' | 'rules' | 'places' | 'log'>,
): Promise<void> {
  const order = on.rules.schedules.find(({ name }) => name === schedule);
  if (!order) return;
  const { prefix, rules, bucket: wanted } = order;
  const minute = new Date(at).toISOString().slice(0, 16).replace(/[-:]/g, '');
  for (const { bucket, region } of on.places.sources) {
    if (wanted !== undefined && bucketName(bucket) !== wanted) continue;
    const name = `${schedule}.${minute}.${bucketName(bucket)}`;
    const budget = { ...on.rules.limits.perBackfill, ...order.budget };
    await startBackfill({ name, bucket, region, prefix, rules, budget }, on);
    on.log.info('backfill begun', { backfill: name, bucket, prefix, rules });
  }
}
