import { bucketName } from './bucket-name.ts';
import type { Places } from './places.ts';
import type { Rule } from './rule.ts';
import { type OutputRef, readsFrom, sourceNames, writersOf } from './writer.ts';

/** An output in a bucket that nobody can write to from where the source is. */
export type FarOutput = { readonly from: OutputRef; readonly bucket: string } & (
  | { readonly because: 'unknown-bucket' }
  | {
      readonly because: 'other-region';
      readonly region: string;
      /** A source bucket that the rule is for, and its region. */
      readonly source: string;
      readonly sourceRegion: string;
    }
);

/** Outputs in buckets that the settings do not name, or that are in another region. */
export function findFarOutputs(
  rules: readonly Rule[],
  places: Pick<Places, 'sources' | 'outputs'>,
): readonly FarOutput[] {
  const names = sourceNames(rules, places);
  return writersOf(rules).flatMap(({ ref: from, rule, output }): FarOutput[] => {
    const bucket = output.into?.bucket;
    if (bucket === undefined) return [];
    const target = [...places.outputs, ...places.sources].find(
      (place) => bucketName(place.bucket) === bucket,
    );
    if (!target) return [{ from, bucket, because: 'unknown-bucket' }];
    const far = places.sources.find(
      (source) =>
        source.region !== target.region &&
        readsFrom(rule, names).includes(bucketName(source.bucket)),
    );
    if (!far) return [];
    const source = bucketName(far.bucket);
    const { region } = target;
    return [{ from, bucket, because: 'other-region', region, source, sourceRegion: far.region }];
  });
}
