import { CHECKPOINT_STATES, type Checkpoint } from './checkpoint.ts';
import { readRecord } from './record.ts';

/** A checkpoint out of a store; it was written there as the JSON of the value. */
export function readCheckpoint(text: string): Checkpoint {
  const record = readRecord(text, 'checkpoint');
  return {
    backfill: record.text('backfill'),
    prefix: record.text('prefix'),
    cursor: record.text('cursor'),
    state: record.word('state', CHECKPOINT_STATES),
    seen: record.count('seen'),
    submitted: record.count('submitted'),
    failed: record.count('failed'),
    maxSubmitted: record.count('maxSubmitted'),
    tries: record.count('tries'),
    restUntil: record.time('restUntil'),
    revision: record.count('revision'),
  };
}
