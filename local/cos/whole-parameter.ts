import { CosError } from './errors.ts';
import type { Query } from './query.ts';

/** A parameter that is a whole number within bounds; above the bound the service takes the bound. */
export function wholeParameter(
  query: Query,
  name: string,
  { or, min, max }: { readonly or: number; readonly min: number; readonly max: number },
): number {
  const text = query.get(name);
  if (text === undefined || text === '') return or;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min)) {
    throw new CosError('InvalidArgument', { message: `${name} is not a number from ${min} up.` });
  }
  return Math.min(value, max);
}

/** `url`, or nothing. */
export function encodingType(query: Query): 'url' | undefined {
  const text = query.get('encoding-type');
  if (text === undefined || text === '') return undefined;
  if (text === 'url') return 'url';
  throw new CosError('InvalidArgument', { message: `encoding-type is url, not "${text}".` });
}
