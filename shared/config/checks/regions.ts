import { bucketName } from '../../plan/bucket-name.ts';
import type { CheckedFile } from '../checked-file.ts';
import { type Finding, quoted } from '../problem.ts';
import { outputsOf } from './outputs-of.ts';

/** The service writes its results in the region where it read the source. */
export function* checkRegions(checked: CheckedFile): Iterable<Finding> {
  const { places, rules } = checked;
  if (!places) return;
  for (const { path, template, output } of outputsOf(checked)) {
    const named = output.into?.bucket;
    const target = [...places.sources, ...places.outputs].find(
      ({ bucket }) => bucketName(bucket) === named,
    );
    if (!target) continue;
    for (const rule of rules.rules) {
      if (!rule.enabled || !rule.use.includes(template)) continue;
      const { buckets } = rule.when;
      const far = places.sources.find(
        ({ bucket, region }) =>
          region !== target.region &&
          (buckets.length === 0 || buckets.includes(bucketName(bucket))),
      );
      if (!far) continue;
      yield {
        code: 'region',
        path: [...path, 'into', 'bucket'],
        message: `${quoted(named)} is in ${target.region}, and rule ${rule.name} reads ${quoted(bucketName(far.bucket))} in ${far.region}`,
        hint: `Narrow the rule with when.buckets, or write to a bucket in ${far.region}`,
      };
      break;
    }
  }
}
