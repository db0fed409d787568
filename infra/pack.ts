import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';
import { Fault } from '../shared/core/fault.ts';

/** The code of a function as it is uploaded. */
export interface Package {
  /** Packed when it is first asked for: most of the time the code is there already. */
  readonly zip: Uint8Array;
  /** SHA-256 in hex, of the files: whenever and wherever they are packed, it is the same. */
  readonly hash: string;
}

type Files = Readonly<Record<string, Uint8Array>>;

/** Base64 adds a third, and no call of an account API is longer than ten megabytes. */
const MOST_BYTES = 7 * 1024 * 1024;

export function pack(files: Files): Package {
  let zip: Uint8Array | undefined;
  return {
    hash: hashOf(files),
    get zip() {
      zip ??= zipOf(files);
      return zip;
    },
  };
}

function hashOf(files: Files): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).sort()) {
    const bytes = files[name] ?? new Uint8Array();
    hash.update(`${JSON.stringify(name)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

/** A zip of nothing but contents: fixed order, fixed times, no rights. */
function zipOf(files: Files): Uint8Array {
  const names = Object.keys(files).sort();
  const zip = zipSync(
    Object.fromEntries(names.map((name) => [name, files[name] ?? new Uint8Array()])),
    {
      level: 6,
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
  return zip;
}
