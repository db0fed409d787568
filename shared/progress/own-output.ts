import { type ObjectRef, sameObject } from '../core/object-ref.ts';
import type { Entry } from './entry.ts';

/** What a HEAD says of an object. */
export interface Found extends Pick<ObjectRef, 'bucket' | 'key'> {
  readonly etag: string;
  /** Last-Modified, in milliseconds; the service tells it in whole seconds. */
  readonly modified: number;
}

/** As far as our clock and the service's may be apart. */
const SKEW_MS = 60_000;

/**
 * Whether these bytes were written by this step. While it is open, with a job, or unsure, whatever
 * appears at its target is taken for its work: the event of an output can overtake the answer, and a
 * job that was believed lost may write days later. Only where the target is the source itself, a step
 * at its end has to know the etag, or nobody could ever upload there again.
 */
export function wroteIt(entry: Entry, object: Omit<Found, 'modified'>): boolean {
  if (!sameObject(entry.step.target, object) || isItsSource(entry, object)) return false;
  if (entry.unsure && !sameObject(entry.step.target, entry.source)) return true;
  return mayHaveWritten(entry, object);
}

/**
 * Whether what stands at the target of a step that was taken over is the work of an earlier attempt,
 * so that nothing needs to be asked. It has to be younger than the source, by the service's own
 * clock, and equal seconds do not count; not older than the first claim; and no other step that
 * writes there may have written it: `others` are read after the object was found. In doubt it is
 * not: paying twice is better than never doing it.
 */
export function isWorkOf(entry: Entry, found: Found, others: readonly Entry[]): boolean {
  if (!sameObject(entry.step.target, found) || isItsSource(entry, found)) return false;
  if (inSeconds(found.modified) <= inSeconds(entry.source.modified)) return false;
  if (found.modified < entry.since - SKEW_MS) return false;
  return !others.some((other) => {
    if (other.step.id === entry.step.id) return false;
    const late = other.unsure && found.modified <= other.changedAt + SKEW_MS;
    return late || mayHaveWritten(other, found);
  });
}

/** As far as a step's state tells: what a step at its end wrote, it knows by its etag. */
function mayHaveWritten({ state, unsure }: Entry, { etag }: Pick<Found, 'etag'>): boolean {
  switch (state.is) {
    case 'open':
    case 'accepted':
      return true;
    case 'failed':
    case 'postponed':
      return unsure;
    case 'done':
      return state.output.etag === etag;
    case 'dead':
      return state.left === etag;
  }
}

/** The same bytes as the source, uploaded once more, are no output. */
function isItsSource({ source }: Entry, object: Omit<Found, 'modified'>): boolean {
  return sameObject(source, object) && source.etag === object.etag;
}

function inSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
