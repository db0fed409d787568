import { readStepRef, readTrouble } from './read-step-ref.ts';
import { readRecord } from './record.ts';
import { RUN_STATES, type Run } from './run.ts';

/** A run out of a store; it was written there as the JSON of the value. */
export function readRun(text: string): Run {
  const record = readRecord(text, 'run');
  return {
    id: record.text('id'),
    caller: record.text('caller'),
    object: record.objectRef('object'),
    template: record.text('template'),
    state: record.word('state', RUN_STATES),
    steps: record.list('steps').map(readStepRef),
    createdAt: record.time('createdAt'),
    changedAt: record.time('changedAt'),
    ...(record.has('trouble') && { trouble: readTrouble(record.nested('trouble')) }),
  };
}
