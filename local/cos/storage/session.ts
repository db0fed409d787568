import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readFields, replaceFile } from './json-file.ts';
import { syncPath } from './sync-path.ts';

const FORMAT = 1;
export const SESSION_FILE = 'session.json';
export const INDEX_FILE = 'data.mdb';
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** What must be known about an index before it is believed. It lies beside it. */
export interface Session {
  readonly format: number;
  /** Whether the index was closed, and not left behind by a process that was killed. */
  readonly closed: boolean;
  /** Whether every commit went to the disk at once. */
  readonly sync: boolean;
  /** Between which two starts of the machine it was written. */
  readonly boot: string;
  /** Size and date of the index when this was noted. */
  readonly stamp: string;
}

/**
 * Whether the index is whole. A killed process does not harm it. A machine that went down may have
 * written one page of it and not another, unless it was told to write them all in order.
 *
 * A system that does not tell one start from another is believed: there the index may have to be
 * removed by hand after a power cut.
 */
export function mayBeTrusted(session: Session, boot: string): boolean {
  if (session.format !== FORMAT) return false;
  return session.closed || session.sync || session.boot === boot;
}

/** Whether nobody touched the index after it was closed, so that it need not be looked through. */
export function isUntouched(session: Session, indexFolder: string): boolean {
  return session.closed && session.stamp === stampOf(indexFolder);
}

/** Nothing was noted when the index was never finished: what is missing is no format. */
export function readSession(indexFolder: string): Session {
  const fields = readFields(join(indexFolder, SESSION_FILE));
  return {
    format: Number(fields.get('format')),
    closed: fields.get('closed') === true,
    sync: fields.get('sync') === true,
    boot: String(fields.get('boot')),
    stamp: String(fields.get('stamp')),
  };
}

/** Notes it on the disk itself, after the index has got there. */
export async function writeSession(
  indexFolder: string,
  { closed, sync }: Pick<Session, 'closed' | 'sync'>,
): Promise<void> {
  await syncPath(join(indexFolder, INDEX_FILE));
  const stamp = stampOf(indexFolder);
  const session: Session = { format: FORMAT, closed, sync, boot: thisBoot(), stamp };
  await replaceFile(join(indexFolder, SESSION_FILE), JSON.stringify(session), true);
}

export function thisBoot(): string {
  try {
    return readFileSync(BOOT_ID, 'utf8').trim();
  } catch {
    return '';
  }
}

function stampOf(indexFolder: string): string {
  const file = statSync(join(indexFolder, INDEX_FILE), { throwIfNoEntry: false });
  return file ? `${file.size} ${file.mtimeMs}` : 'none';
}
