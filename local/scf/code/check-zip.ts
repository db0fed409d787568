import { type UnzipFileInfo, unzipSync } from 'fflate';

/** The service allows 500 MB; a zip that comes inline is far from that unless it means harm. */
const MOST_BYTES = 200 * 1024 * 1024;
const MOST_FILES = 10_000;
const LONGEST_NAME = 512;

/** Why a zip cannot be the code of a function, or nothing. Unpacks nothing yet. */
export function problemOfZip(zip: Uint8Array): string | undefined {
  let files: readonly UnzipFileInfo[];
  try {
    files = filesIn(zip);
  } catch (thrown) {
    return thrown instanceof Error ? `it is no zip (${thrown.message})` : 'it is no zip';
  }
  if (files.length === 0) return 'it is empty';
  if (files.length > MOST_FILES) return `it has more than ${MOST_FILES} files`;
  const bad = files.find(({ name }) => !isInside(name));
  if (bad) return `it has a file with the path ${JSON.stringify(bad.name.slice(0, 100))}`;
  const bytes = files.reduce((sum, { originalSize }) => sum + originalSize, 0);
  if (bytes > MOST_BYTES) return `it has ${bytes} bytes unpacked, more than ${MOST_BYTES}`;
  return undefined;
}

function filesIn(zip: Uint8Array): readonly UnzipFileInfo[] {
  const files: UnzipFileInfo[] = [];
  unzipSync(zip, {
    filter(file) {
      if (files.length <= MOST_FILES) files.push(file);
      return false;
    },
  });
  return files;
}

/** A path that stays below the folder it is unpacked in, on every system. */
function isInside(name: string): boolean {
  if (name.length > LONGEST_NAME || /[\0\\:]/.test(name)) return false;
  const parts = name.replace(/\/$/, '').split('/');
  return parts.every((part) => part !== '' && part !== '.' && part !== '..' && part.length <= 200);
}
