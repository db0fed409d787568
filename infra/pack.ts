import { hash } from 'node:crypto';
import { zipSync } from 'fflate';
import { Fault } from '../shared/core/fault.ts';

/** The code of a function as it is uploaded. */
export interface Package {
  readonly zip: Uint8Array;
  /** SHA-256 in hex: the same files, the same hash, whenever and wherever they were packed. */
  readonly hash: string;
}

/** Base64 adds a third, and no call of an account API is longer than ten megabytes. */
const MOST_BYTES = 7 * 1024 * 1024;

/** A zip of nothing but contents: fixed order, fixed times, no rights. */
export function pack(files: Readonly<Record<string, Uint8Array>>): Package {
  const names = Object.keys(files).sort();
  const zip = zipSync(
    Object.fromEntries(names.map((name) => [name, files[name] ?? new Uint8Array()])),
    {
      level: 9,
      // Zips hold local times: these fields are the same in every time zone.
      mtime: new Date(1980, 0, 1),
      os: 3,
    },
  );
  if (zip.length > MOST_BYTES) {
    throw new Fault('DEPLOYMENT_INVALID', `A zip of ${zip.length} bytes is too large to upload`, {
      hint: `No more than ${MOST_BYTES} bytes go into one call`,
    });
  }
  return { zip, hash: hash('sha256', zip) };
}
