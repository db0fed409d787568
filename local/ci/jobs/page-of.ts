import type { Query } from '../../cos/query.ts';
import { invalid } from '../ci-error.ts';

const MAX_SIZE = 100;
const MAX_NUMBER = 1_000_000;

/** One page of a list that is told in numbered pages. */
export function pageOf<T>(all: readonly T[], query: Query) {
  const pageNumber = numberIn(query, 'pageNumber', 1, MAX_NUMBER);
  const pageSize = numberIn(query, 'pageSize', 10, MAX_SIZE);
  const items = all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize);
  return { totalCount: all.length, pageNumber, pageSize, items };
}

function numberIn(query: Query, name: string, or: number, max: number): number {
  const text = query.get(name) || String(or);
  const number = /^[0-9]{1,7}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > max) throw invalid(`${name} is a number from 1 to ${max}.`);
  return number;
}
