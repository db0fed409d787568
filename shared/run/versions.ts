import { Fault } from '../core/fault.ts';
import { RECORD_SUFFIX } from '../plan/places.ts';
import type { RecordFolderName } from '../plan/record-folders.ts';
import type { Records } from './ports.ts';

/** Revisions lie by themselves: they are of no use after days, and the bucket may drop them. */
const REVISIONS: RecordFolderName = 'revisions';

/** One value that changes, each time by one revision, whoever changes it. */
interface Versioned {
  /** From 1. */
  readonly revision: number;
}

/** Nobody changes a value so often while somebody else is about to read it. */
const FARTHEST_BEHIND = 1000;

/**
 * The value as it stands. The head, `<name>`, says how it was when somebody wrote that last; what
 * came later lies beside it, one text a revision. A head that is behind, because somebody was cut off,
 * is brought up by whoever finds it so: revisions live for weeks, heads for as long as they are of use.
 */
export async function readLatest<T extends Versioned>(
  name: string,
  {
    read,
    isFinal = () => false,
  }: { readonly read: (text: string) => T; readonly isFinal?: (value: T) => boolean },
  records: Records,
): Promise<T | undefined> {
  const text = await records.read(name);
  if (text === undefined) return undefined;
  const head = read(text);
  let latest = head;
  while (!isFinal(latest)) {
    if (latest.revision - head.revision > FARTHEST_BEHIND) throw tooFar(name);
    const later = await records.read(revisionName(name, latest.revision + 1));
    if (later === undefined) break;
    latest = read(later);
  }
  if (latest !== head) await records.write(name, JSON.stringify(latest));
  return latest;
}

/** Whether this revision was written: not where somebody else wrote one of its number before. */
export async function createRevision<T extends Versioned>(
  name: string,
  value: T,
  records: Pick<Records, 'create' | 'write'>,
): Promise<boolean> {
  const text = JSON.stringify(value);
  if (value.revision === 1) return records.create(name, text);
  if (!(await records.create(revisionName(name, value.revision), text))) return false;
  await records.write(name, text);
  return true;
}

function revisionName(name: string, revision: number): string {
  const stem = name.slice(0, -RECORD_SUFFIX.length);
  return `${REVISIONS}/${stem}/${revision}${RECORD_SUFFIX}`;
}

function tooFar(name: string): Fault {
  return new Fault('RECORD_UNREADABLE', `${name} is more than ${FARTHEST_BEHIND} revisions behind`);
}
