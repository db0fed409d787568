import type { Block } from './purse.ts';
import { readRecord } from './record.ts';

/** A block of a budget out of a store; it was written there as the JSON of the value. */
export function readBlock(text: string): Block {
  const record = readRecord(text, 'block of a budget');
  return { index: record.count('index'), from: record.count('from'), upTo: record.count('upTo') };
}
