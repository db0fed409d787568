import { coarser } from './fewer-windows.ts';
import type { Shape } from './key-shape.ts';
import { startOf } from './key-shape.ts';
import type { Place, Places } from './places.ts';

/** Some objects of a bucket: one, or all whose keys begin so. */
export interface Span extends Place {
  readonly key: string;
  readonly only: boolean;
}

/** The service's own role: what jobs read and write in. */
const SERVICE_ROLE = 'CI_QCSRole';

/** A policy has room for a few thousand characters: beyond these, prefixes of a bucket are cut short. */
const MOST_SPANS = 20;

/** The objects that keys of a shape can name, as far as a resource can say it. */
export function spanOf({ bucket, region }: Place, shape: Shape): Span {
  const key = startOf(shape);
  return { bucket, region, key, only: Array.from(key).length === shape.length };
}

/** The resources of objects, without those that another one includes, in a fixed order. */
export function objectResources(
  { appid }: Pick<Places, 'appid'>,
  spans: readonly Span[],
): readonly string[] {
  const buckets = new Map(spans.map((span) => [span.bucket, span]));
  return [...buckets.values()].flatMap(({ bucket, region }) =>
    fewest(spans.filter((span) => span.bucket === bucket))
      .map(({ key, only }) => `${bucketText(appid, { bucket, region })}${key}${only ? '' : '*'}`)
      .sort(),
  );
}

export function bucketResource({ appid }: Pick<Places, 'appid'>, place: Place): string {
  return `${bucketText(appid, place)}*`;
}

export function processingResource(
  { appid }: Pick<Places, 'appid'>,
  { bucket, region }: Place,
): string {
  return `qcs::ci:${region}:uid/${appid}:bucket/${bucket}/*`;
}

/** Without an account number it is the role of whoever owns the policy. */
export function roleResource({ uin }: Pick<Places, 'uin'>): string {
  return `qcs::cam::${uin === undefined ? '' : `uin/${uin}`}:roleName/${SERVICE_ROLE}`;
}

function bucketText(appid: string, { bucket, region }: Place): string {
  return `qcs::cos:${region}:uid/${appid}:${bucket}/`;
}

function fewest(spans: readonly Span[]): readonly Pick<Span, 'key' | 'only'>[] {
  const needed = spans.filter(
    (one, at) =>
      !spans.some(
        (other, place) =>
          place !== at && includes(other, one) && (place < at || !includes(one, other)),
      ),
  );
  if (needed.length <= MOST_SPANS) return needed;
  const cut = coarser(
    needed.map(({ key }) => ({ prefix: key, suffix: '' })),
    MOST_SPANS,
  );
  return fewest(cut.map(({ prefix }) => ({ bucket: '', region: '', key: prefix, only: false })));
}

function includes(outer: Span, inner: Span): boolean {
  return outer.only ? inner.only && outer.key === inner.key : inner.key.startsWith(outer.key);
}
