import type { CosOccurrence } from '../../../shared/wire/cos-event.ts';
import type { BucketEvent, EventEntry } from './event-entry.ts';

/** Stored headers an event repeats; our names for them are in lower case. */
const REPEATED: readonly (readonly [stored: string, written: string])[] = [
  ['cache-control', 'Cache-Control'],
  ['content-disposition', 'Content-Disposition'],
  ['content-encoding', 'Content-Encoding'],
];

/** What an entry tells its subscriber, which the service takes for the name of a function. */
export function occurrenceOf(
  { subscriber }: EventEntry,
  event: BucketEvent,
  appid: string,
): CosOccurrence {
  const { bucket, region, key, size } = event.object;
  return {
    bucket,
    region,
    key,
    eventName: event.name,
    size,
    at: event.at,
    meta: metaOf(event),
    queue: `qcs:0:scf:${region}:appid/${appid}:${qualified(subscriber)}.$DEFAULT`,
    sourceIp: event.remoteAddress,
  };
}

/** Functions subscribe as `<region>:<namespace>.<function>`, others under any name. */
function qualified(subscriber: string): string {
  return subscriber.includes(':') ? subscriber.replace(/^[^:]*:/, '') : `default.${subscriber}`;
}

function metaOf({ requestId, object }: BucketEvent): Readonly<Record<string, string>> {
  const meta: Record<string, string> = {
    'x-cos-request-id': requestId,
    'Content-Type': object.contentType,
  };
  for (const [stored, written] of REPEATED) {
    const value = object.headers[stored];
    if (value !== undefined) meta[written] = value;
  }
  for (const [name, value] of Object.entries(object.metadata)) meta[`x-cos-meta-${name}`] = value;
  return meta;
}
