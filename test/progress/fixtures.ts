import type { StepId } from '../../shared/plan/plan.ts';
import { type Claim, decideClaim } from '../../shared/progress/claim.ts';
import type { Entry } from '../../shared/progress/entry.ts';
import type { Job } from '../../shared/progress/job.ts';
import type { SourceRef, StepRef } from '../../shared/progress/step-ref.ts';

const BUCKET = 'studio-1300001234';
const REGION = 'ap-guangzhou';

export const LEASE_MS = 90_000;

export const photo = (over: Partial<SourceRef> = {}): SourceRef => ({
  bucket: BUCKET,
  region: REGION,
  key: 'products/mug.jpg',
  etag: 'mug1',
  modified: 1_000_000,
  ...over,
});

export const cutout = (over: Partial<StepRef> = {}): StepRef => ({
  id: 'mug1 | goods-matting | cutouts/mug.png' as StepId,
  rule: 'products',
  template: 'cutout@2',
  operation: 'goods-matting',
  target: { bucket: BUCKET, region: REGION, key: 'cutouts/mug.png' },
  whenItFails: 'retry',
  ...over,
});

export const clip = (over: Partial<Job> = {}): Job => ({
  id: 'ac7c990a',
  step: cutout({ operation: 'segment-video-body' }),
  state: 'submitted',
  submittedAt: 1_000_000,
  changedAt: 1_000_000,
  ...over,
});

/** The claim of somebody who comes at this time. */
export function claimAt(now: number, entry?: Entry, step = cutout()): Claim {
  return decideClaim(entry, step, photo(), { now, leaseMs: LEASE_MS });
}

/** The entry somebody may work on who comes at this time. */
export function takenAt(now: number, entry?: Entry, step = cutout()): Entry {
  const claim = claimAt(now, entry, step);
  if (!('entry' in claim)) throw new Error(`not to be had: ${claim.claim}`);
  return claim.entry;
}
