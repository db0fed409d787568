import { findFarOutputs } from '../../plan/find-far-outputs.ts';
import type { CheckedFile } from '../checked-file.ts';
import type { Finding } from '../problem.ts';
import { pathOfOutput } from './outputs-of.ts';

/** The service writes its results in the region where it read the source. */
export function* checkRegions({ rules, places }: CheckedFile): Iterable<Finding> {
  if (!places) return;
  for (const far of findFarOutputs(rules.rules, places)) {
    if (far.because !== 'other-region') continue; // an unknown bucket is unknown to no rule alone
    const { from, bucket, region, source, sourceRegion } = far;
    yield {
      code: 'region',
      path: [...pathOfOutput(from), 'into', 'bucket'],
      message: `Bucket ${bucket} is in ${region}, and rule ${from.rule} is for ${source} in ${sourceRegion}`,
      hint: `Narrow the rule with when.buckets, or write to a bucket in ${sourceRegion}`,
    };
  }
}
