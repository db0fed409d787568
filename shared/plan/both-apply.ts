import { isSwitchedOn } from './metadata.ts';
import type { When } from './rule.ts';

/** Whether what two rules ask of an object, besides its key, could be true of one and the same. */
export function couldBothApply(one: When, other: When): boolean {
  return (
    sizesMeet(one, other) &&
    typesMeet(one.contentType, other.contentType) &&
    metadataMeets(one, other) &&
    metadataMeets(other, one)
  );
}

function sizesMeet(one: When, other: When): boolean {
  const least = Math.max(one.minBytes ?? 0, other.minBytes ?? 0);
  const most = Math.min(one.maxBytes ?? Infinity, other.maxBytes ?? Infinity);
  return least <= most;
}

function typesMeet(some: readonly string[], others: readonly string[]): boolean {
  if (some.length === 0 || others.length === 0) return true;
  return some.some((one) => others.some((other) => typeMeets(one, other) || typeMeets(other, one)));
}

/** `image/*` meets `image/png`. */
function typeMeets(wide: string, narrow: string): boolean {
  const [outer, inner] = [wide.toLowerCase(), narrow.toLowerCase()];
  return outer === inner || (outer.endsWith('*') && inner.startsWith(outer.slice(0, -1)));
}

function metadataMeets(asks: When, other: When): boolean {
  return Object.entries(asks.metadata).every(([name, value]) => {
    const theirs = Object.entries(other.metadata).find(([key]) => sameName(key, name));
    const optsOut = other.unlessMetadata.some((key) => sameName(key, name)) && isSwitchedOn(value);
    return !optsOut && (theirs === undefined || theirs[1] === value);
  });
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
