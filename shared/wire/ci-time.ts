import { Fault } from '../core/fault.ts';

/** Cloud Infinite tells the time of Beijing, to the second, with no colon in the offset. */
const OFFSET_MS = 8 * 60 * 60 * 1000;
/** The last second that still has a year of four digits there. */
const LATEST_MS = Date.UTC(10_000, 0, 1) - OFFSET_MS - 1000;

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d):?(\d\d))$/;

/** `2022-06-27T14:44:10+0800` for a moment in milliseconds; what is left of a second is dropped. */
export function writeCiTime(ms: number): string {
  if (!(ms >= -OFFSET_MS && ms <= LATEST_MS + 999)) {
    throw new Fault('PARAMETER_INVALID', `${ms} is not a time that can be written`);
  }
  return `${new Date(ms + OFFSET_MS).toISOString().slice(0, 19)}+0800`;
}

/** The moment in milliseconds. Any offset is read, also with a colon, and `Z`. */
export function readCiTime(text: string): number {
  const ms = momentOf(text);
  if (ms !== undefined) return ms;
  throw new Fault('PARAMETER_INVALID', `${JSON.stringify(text.slice(0, 60))} is not a time`, {
    hint: 'Write it like 2022-06-27T14:44:10+0800.',
  });
}

/** The same for the record of a job: `-` stands for a time to come, and a garbled one helps nobody. */
export function readCiTimeIfSet(text: string | undefined): number | undefined {
  return text === undefined ? undefined : momentOf(text.trim());
}

function momentOf(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, sign, hours, minutes] = TIME.exec(text) ?? [];
  if (year === undefined) return undefined;
  const utc = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const ms = Date.parse(`${utc}Z`);
  // The 30th of February is moved to March by some engines; only a date that stays is one.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(utc)) return undefined;
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? ms + offset : ms - offset;
}
