import { coarser } from './fewer-windows.ts';
import { type Shape, startOf } from './key-shape.ts';
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
    fewest(spans.filter((span) => span.bucket === bucket)).map(
      ({ key, only }) => `${bucketText(appid, { bucket, region })}${key}${only ? '' : '*'}`,
    ),
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

/** Spans of one bucket without those that others include, in the order of their keys. */
function fewest(spans: readonly Span[]): readonly Span[] {
  const needed: Span[] = [];
  for (const span of [...spans].sort(widestFirst)) {
    const last = needed.at(-1);
    if (!last || !includes(last, span)) needed.push(span);
  }
  const [first] = needed;
  if (!first || needed.length <= MOST_SPANS) return needed;
  const windows = needed.map(({ key }) => ({ prefix: key, suffix: '' }));
  return fewest(
    coarser(windows, MOST_SPANS).map(({ prefix }) => ({ ...first, key: prefix, only: false })),
  );
}

/** In this order, whatever includes a span stands before it with nothing else between. */
function widestFirst(one: Span, other: Span): number {
  if (one.key !== other.key) return one.key < other.key ? -1 : 1;
  return Number(one.only) - Number(other.only);
}

function includes(outer: Span, inner: Span): boolean {
  return outer.only ? inner.only && outer.key === inner.key : inner.key.startsWith(outer.key);
}
