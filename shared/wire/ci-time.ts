import { Fault } from '../core/fault.ts';
import { readIsoTime, writeIsoTime } from './iso-time.ts';

/** Cloud Infinite tells the time of Beijing, to the second, with no colon in the offset. */
const OFFSET_MS = 8 * 60 * 60 * 1000;

/** `2022-06-27T14:44:10+0800` for a moment in milliseconds; what is left of a second is dropped. */
export function writeCiTime(ms: number): string {
  return `${writeIsoTime(ms + OFFSET_MS).slice(0, 19)}+0800`;
}

/** The moment in milliseconds. Any offset is read, also with a colon, and `Z`. */
export function readCiTime(text: string): number {
  const ms = readIsoTime(text);
  if (ms !== undefined) return ms;
  throw new Fault('PARAMETER_INVALID', `${JSON.stringify(text.slice(0, 60))} is not a time`, {
    hint: 'Write it like 2022-06-27T14:44:10+0800.',
  });
}

/** The same in the record of a job: `-` is a time to come, and a garbled one hides nothing else. */
export function readCiTimeIfSet(text: string | undefined): number | undefined {
  return text === undefined ? undefined : readIsoTime(text.trim());
}

export function writeCiTimeIfSet(ms: number | undefined): string {
  return ms === undefined ? '-' : writeCiTime(ms);
}
