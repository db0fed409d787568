import { Fault } from '../core/fault.ts';

/** A key has at most 850 bytes. */
const MAX_LENGTH = 1024;

/** Cannot be a key: control characters have no place in XML, half a surrogate pair none in UTF-8. */
const NO_KEY = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;

/**
 * The key Cloud Infinite writes for a `fileid`: a leading slash is the bucket root, anything else
 * is relative to the source's folder. Empty segments stay; `.` and `..` are refused, because nobody
 * says what the service makes of them.
 *
 * `p1/a.jpg` as a fileid of the source `p1/a.jpg` therefore lands on `p1/p1/a.jpg`, not on the
 * source. To overwrite the source, write `/p1/a.jpg`.
 */
export function resolveFileid(fileid: string, sourceKey: string): string {
  const problem = problemOf(fileid);
  if (problem !== undefined) {
    const shown = fileid.slice(0, MAX_LENGTH);
    throw new Fault('FILEID_INVALID', `A fileid ${problem}, got ${JSON.stringify(shown)}`, {
      detail: { fileid: shown, sourceKey },
    });
  }
  if (fileid.startsWith('/')) return fileid.slice(1);

  const folder = sourceKey.slice(0, sourceKey.lastIndexOf('/') + 1);
  return folder + fileid;
}

/** The fileid that is this key whatever the source is. A key no fileid can name is refused. */
export function writeFileid(key: string): string {
  const fileid = `/${key}`;
  resolveFileid(fileid, '');
  return fileid;
}

function problemOf(fileid: string): string | undefined {
  if (fileid.length > MAX_LENGTH) return `has at most ${MAX_LENGTH} characters`;
  if (fileid === '' || fileid.endsWith('/')) return 'must name a file';
  if (NO_KEY.test(fileid)) return 'holds no control characters and no half characters';
  if (fileid.split('/').some((segment) => segment === '.' || segment === '..')) {
    return 'has no "." or ".." for a segment';
  }
  return undefined;
}
