import { Fault } from '../core/fault.ts';

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))$/;
const YEAR_10000 = 253_402_300_800_000;

/**
 * The moment a text means, in milliseconds, or `undefined` when it means none. Object lists end in
 * `Z`, with or without milliseconds; records of jobs in an offset without a colon (`+0800`).
 */
export function readIsoTime(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  if (!new Date(time).toISOString().startsWith(text.slice(0, 19))) return undefined;

  const [fraction = '', sign, hours, minutes] = match.slice(7);
  const offset = sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * 60_000;
  return time + Number(fraction.padEnd(3, '0').slice(0, 3)) - (sign === '-' ? -offset : offset);
}

/** `2020-12-10T03:37:30.000Z`, as object lists have it. */
export function writeIsoTime(time: number): string {
  if (time >= 0 && time < YEAR_10000) return new Date(time).toISOString();
  throw new Fault('XML_UNWRITABLE', `${time} is no time between 1970 and 9999`);
}

/** `2019-05-24T11:49:50Z`, as bucket lists and errors have it; some clients read nothing else. */
export function writeIsoSeconds(time: number): string {
  return `${writeIsoTime(time).slice(0, 19)}Z`;
}
