import type { Source } from '../core/object-ref.ts';

/** The value of an object's own metadata, whatever names the object is made to carry. */
export function metadataOf(
  { metadata }: Pick<Source, 'metadata'>,
  name: string,
): string | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(metadata, lower) ? metadata[lower] : undefined;
}

/** Anything but no value at all, an empty one, `false` and `0`. */
export function isSwitchedOn(value: string | undefined): boolean {
  return !['', 'false', '0'].includes((value ?? '').trim().toLowerCase());
}
