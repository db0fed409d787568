import type { When } from './rule.ts';

/**
 * Whether one `when` plainly applies to everything another does. It may say no where only a closer
 * look would show it, never yes where it is not so.
 */
export function includesAll(wide: When, narrow: When): boolean {
  return (
    anyOrAll(wide.buckets, narrow.buckets, (outer, inner) => outer === inner) &&
    anyOrAll(wide.prefix, narrow.prefix, (outer, inner) => inner.startsWith(outer)) &&
    anyOrAll(wide.suffix, narrow.suffix, (outer, inner) => inner.endsWith(outer)) &&
    anyOrAll(wide.include, narrow.include, (outer, inner) => outer === inner) &&
    wide.exclude.every((glob) => narrow.exclude.includes(glob)) &&
    (wide.minBytes ?? 0) <= (narrow.minBytes ?? 0) &&
    (wide.maxBytes ?? Infinity) >= (narrow.maxBytes ?? Infinity) &&
    anyOrAll(wide.contentType, narrow.contentType, typeIncludes) &&
    Object.entries(wide.metadata).every(([name, value]) => ownValue(narrow, name) === value) &&
    wide.unlessMetadata.every((name) => narrow.unlessMetadata.includes(name))
  );
}

/** An empty list asks for nothing, so it includes everything and is included in nothing else. */
function anyOrAll(
  wide: readonly string[],
  narrow: readonly string[],
  includes: (outer: string, inner: string) => boolean,
): boolean {
  if (wide.length === 0) return true;
  return narrow.length > 0 && narrow.every((inner) => wide.some((outer) => includes(outer, inner)));
}

function typeIncludes(outer: string, inner: string): boolean {
  return outer === inner || (outer.endsWith('/*') && inner.startsWith(outer.slice(0, -1)));
}

function ownValue({ metadata }: When, name: string): string | undefined {
  return Object.hasOwn(metadata, name) ? metadata[name] : undefined;
}
