import { RECORD_SUFFIX } from '../plan/places.ts';
import type { RecordFolderName } from '../plan/record-folders.ts';

/** The name of a record in a folder; what stands in the path may be any short text. */
export function recordName(folder: RecordFolderName, ...path: readonly string[]): string {
  return `${[folder, ...path.map(encodeURIComponent)].join('/')}${RECORD_SUFFIX}`;
}

/** A folder's beginning, to list what is in it. */
export function recordPrefix(folder: RecordFolderName, ...path: readonly string[]): string {
  return `${[folder, ...path.map(encodeURIComponent)].join('/')}/`;
}

/** The last part of a record's name, as it was given to `recordName`. */
export function lastOfName(name: string): string {
  return decodeURIComponent(name.slice(name.lastIndexOf('/') + 1, -RECORD_SUFFIX.length));
}
