import { CosError } from './errors.ts';

const MAX_KEY_BYTES = 850;

/** Any text is a key, up to this length. */
export function checkKey(key: string): void {
  // A character has three bytes at most, so most keys need not be measured.
  if (key.length > MAX_KEY_BYTES / 3 && Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new CosError('KeyTooLong');
  }
}
