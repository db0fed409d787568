import type { Backfill } from './backfill.ts';
import { readRecord } from './record.ts';

/** A backfill out of a store; it was written there as the JSON of the value. */
export function readBackfill(text: string): Backfill {
  const record = readRecord(text, 'backfill');
  const budget = record.nested('budget');
  return {
    name: record.text('name'),
    bucket: record.text('bucket'),
    region: record.text('region'),
    prefix: record.text('prefix'),
    rules: record.texts('rules'),
    budget: {
      ...(budget.has('requests') && { requests: budget.amount('requests') }),
      ...(budget.has('money') && { money: budget.amount('money') }),
    },
  };
}
