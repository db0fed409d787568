import { bucketName } from '../../plan/bucket-name.ts';
import type { Place, Places } from '../../plan/places.ts';
import type { CheckedFile } from '../checked-file.ts';
import { hintFor } from '../hint-for.ts';
import { type Finding, type Path, quoted } from '../problem.ts';
import { outputsOf } from './outputs-of.ts';

/** Every bucket that is named is one of the settings'. */
export function* checkBuckets(checked: CheckedFile): Iterable<Finding> {
  const { file, places, names } = checked;
  if (!places) return;
  const sources = namesOf(places.sources);
  const all = [...sources, ...namesOf(places.outputs)];

  for (const { name, when } of file.rules) {
    const path = [...names.pathOf('rules', name), 'when', 'buckets'];
    for (const [index, bucket] of when.buckets.entries()) {
      if (!sources.includes(bucket)) yield unknownBucket(bucket, sources, [...path, index]);
    }
  }
  for (const { name, bucket } of file.schedule) {
    if (bucket === undefined || sources.includes(bucket)) continue;
    yield unknownBucket(bucket, sources, [...names.pathOf('schedule', name), 'bucket']);
  }
  for (const { path, output } of outputsOf(checked)) {
    const bucket = output.into?.bucket;
    if (bucket === undefined || all.includes(bucket)) continue;
    yield unknownBucket(bucket, all, [...path, 'into', 'bucket']);
  }
  if (file.state) yield* otherState(file.state, places.state);
}

function namesOf(places: readonly Place[]): readonly string[] {
  return places.map(({ bucket }) => bucketName(bucket));
}

function unknownBucket(bucket: string, known: readonly string[], path: Path): Finding {
  const message = `The settings know no bucket ${quoted(bucket)} here`;
  return { code: 'unknown-bucket', path, message, hint: hintFor(bucket, known) };
}

function* otherState(
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  state: Places['state'],
): Iterable<Finding> {
  const set = bucketName(state.bucket);
  if (bucket !== set) {
    const message = `The setting DARKROOM_STATE keeps the records in ${set}, not in ${bucket}`;
    yield { code: 'other-state', path: ['state', 'bucket'], message };
  }
  // `darkroom` is read as the folder `darkroom/`, there as well as here.
  if (prefix !== state.prefix && `${prefix}/` !== state.prefix) {
    const message = `The setting DARKROOM_STATE has the prefix ${quoted(state.prefix)}, not ${quoted(prefix)}`;
    yield { code: 'other-state', path: ['state', 'prefix'], message };
  }
}
