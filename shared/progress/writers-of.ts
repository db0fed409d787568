import { readRecord } from './record.ts';

/** Which steps write to one object, by the names of their records. */
export interface WritersOf {
  /** Rises by one with each step that is added. */
  readonly revision: number;
  /** The latest last. */
  readonly steps: readonly string[];
}

/** Each new version of a source is a new step. What older ones wrote was long written over. */
const MOST_STEPS = 20;

/** The writers with one more; the very same where it is among them. */
export function withWriter(writers: WritersOf | undefined, step: string): WritersOf {
  if (!writers) return { revision: 1, steps: [step] };
  if (writers.steps.includes(step)) return writers;
  const { revision, steps } = writers;
  return { revision: revision + 1, steps: [...steps, step].slice(-MOST_STEPS) };
}

/** The writers of an object out of a store; they were written there as the JSON of the value. */
export function readWritersOf(text: string): WritersOf {
  const record = readRecord(text, 'list of writers');
  return { revision: record.count('revision'), steps: record.texts('steps') };
}
