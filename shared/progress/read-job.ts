import { JOB_STATES, type Job } from './job.ts';
import { readStepRef, readTrouble } from './read-step-ref.ts';
import { readRecord } from './record.ts';

/** A job out of a store; it was written there as the JSON of the value. */
export function readJob(text: string): Job {
  const record = readRecord(text, 'job');
  return {
    id: record.text('id'),
    step: readStepRef(record.nested('step')),
    state: record.word('state', JOB_STATES),
    submittedAt: record.time('submittedAt'),
    changedAt: record.time('changedAt'),
    ...(record.has('trouble') && { trouble: readTrouble(record.nested('trouble')) }),
  };
}
