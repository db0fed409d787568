import { readRecord } from '../progress/record.ts';
import type { Suite } from './ports.ts';
import { lastOfName, recordName, recordPrefix } from './record-names.ts';

/** What the timer comes back to. */
export type DueKind = 'steps' | 'jobs' | 'notices' | 'runs' | 'backfills';

/**
 * Clocks may be apart and writers may be slow, so a marker may appear late, and the timer must not have
 * gone past its time by then. So markers are set at least so far ahead; where somebody waits for what is
 * due, the timer looks back instead, and meets what it has seen to a few times more.
 */
const AHEAD_MS = 5 * 60_000;
const BACK_MS = 2 * 60_000;
const LOOKS_BACK: ReadonlySet<DueKind> = new Set(['notices', 'runs', 'backfills']);

const MOST_AT_ONCE = 1000;

/** What is due of one kind. */
export interface Due {
  /** Each once. */
  readonly names: readonly string[];
  /** Where to go on from when all of them were seen to. */
  readonly place: string;
  /** Whether there is more that is due. */
  readonly more: boolean;
}

type On = Pick<Suite, 'records' | 'now'>;

/**
 * Has the timer come to this record, not before the given time. It is written before what it is
 * for: somebody who is cut off in between leaves a marker too many and never one too few.
 */
export async function markDue(
  kind: DueKind,
  name: string,
  at: number,
  { records, now }: On,
): Promise<void> {
  const soonest = LOOKS_BACK.has(kind) ? now() : now() + AHEAD_MS;
  await records.write(recordName('due', kind, stampOf(Math.max(at, soonest)), name), '{}');
}

/** What is due now, from behind this place, or from where the timer was. What is over is not listed again. */
export async function listDue(kind: DueKind, { records, now }: On, from?: string): Promise<Due> {
  const place = from ?? (await placeOf(kind, records));
  const prefix = recordPrefix('due', kind);
  const listed = await records.list(prefix, { after: `${prefix}${place}`, limit: MOST_AT_ONCE });
  const end = `${prefix}${stampOf(now())}`;
  const due = listed.filter((name) => name.slice(0, end.length) <= end);
  return {
    names: [...new Set(due.map(lastOfName))],
    place: due.at(-1)?.slice(prefix.length) ?? place,
    more: due.length === MOST_AT_ONCE,
  };
}

/** Has the timer go on behind this place the next time. Of two timers, the later word counts. */
export async function goOnFrom(kind: DueKind, place: string, { records, now }: On): Promise<void> {
  const farthest = LOOKS_BACK.has(kind) ? stampOf(now() - BACK_MS) : place;
  const next = place < farthest ? place : farthest;
  if (next === (await placeOf(kind, records))) return;
  await records.write(placeName(kind), JSON.stringify({ place: next }));
}

async function placeOf(kind: DueKind, records: Suite['records']): Promise<string> {
  const text = await records.read(placeName(kind));
  return text === undefined ? '' : readRecord(text, 'place of the timer').text('place');
}

function placeName(kind: DueKind): string {
  return recordName('sweep', kind);
}

/** Times whose order is that of their texts. */
function stampOf(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:.]/g, '');
}
