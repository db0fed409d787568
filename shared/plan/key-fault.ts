/** Bytes of UTF-8. */
export const LONGEST_KEY = 850;

/** Control characters and halves of characters do not survive the XML that names a result. */
export const ODD_CHARACTER = /[\p{Cc}\p{Surrogate}\ufffe\uffff]/u;

/** Why no object can be written under this key, or nothing where one can. */
export function keyFault(
  key: string,
): 'too-long' | 'odd-character' | 'empty-segment' | 'dotted-segment' | undefined {
  if (bytesOf(key) > LONGEST_KEY) return 'too-long';
  if (ODD_CHARACTER.test(key)) return 'odd-character';
  const segments = key.split('/');
  if (segments.includes('')) return 'empty-segment';
  if (segments.includes('.') || segments.includes('..')) return 'dotted-segment';
  return undefined;
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
