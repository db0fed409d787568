import type { CosOccurrence } from '../../../shared/wire/cos-event.ts';
import type { EventEntry } from './event-entry.ts';

/** Stored headers an event repeats; our names for them are in lower case. */
const REPEATED: readonly (readonly [stored: string, written: string])[] = [
  ['cache-control', 'Cache-Control'],
  ['content-disposition', 'Content-Disposition'],
  ['content-encoding', 'Content-Encoding'],
];

/** What an entry tells its subscriber, which the service takes for the name of a function. */
export function occurrenceOf({ event, subscriber }: EventEntry, appid: string): CosOccurrence {
  const { bucket, region, key, size } = event.object;
  return {
    bucket,
    region,
    key,
    eventName: event.name,
    size,
    at: event.at,
    meta: metaOf(event),
    queue: `qcs:0:scf:${region}:appid/${appid}:default.${subscriber}.$DEFAULT`,
    sourceIp: event.remoteAddress,
  };
}

function metaOf({ requestId, object }: EventEntry['event']): Readonly<Record<string, string>> {
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
