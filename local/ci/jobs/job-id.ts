import { randomBytes } from 'node:crypto';

/** Whose job an id is: AI recognition, picture processing, or a batch of jobs. */
export type IdLetter = 'a' | 'b' | 'c';

const ID = /^[abc][0-9a-f]{32}$/;
const TIME_DIGITS = 12;
const COUNT_DIGITS = 6;

let count = 0;

/** The shape the service's ids have; of one letter, the later id sorts behind the earlier. */
export function newJobId(letter: IdLetter, now: number): string {
  count = (count + 1) % 16 ** COUNT_DIGITS;
  const time = Math.max(0, now).toString(16).padStart(TIME_DIGITS, '0').slice(-TIME_DIGITS);
  const turn = count.toString(16).padStart(COUNT_DIGITS, '0');
  return `${letter}${time}${turn}${randomBytes(7).toString('hex')}`;
}

export function isJobId(text: string): boolean {
  return ID.test(text);
}
