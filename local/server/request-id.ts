import { randomBytes } from 'node:crypto';

const PROCESS = randomBytes(4).toString('hex');
const END = base64('_d4a');

let count = 0;
let lastSeconds = Number.NaN;
let beginning = '';
/** Base64 of each number of three hex digits, which is a group of its own. */
const groups: string[] = [];

/** Base64 of `<hex seconds>_<hex>_<hex>_<hex>`, the shape the service's ids have. */
export function newRequestId(nowMs: number): string {
  count = (count + 1) & 0xffffff;
  const seconds = Math.floor(nowMs / 1000);
  if (seconds !== lastSeconds) {
    lastSeconds = seconds;
    beginning = base64(`${inGroups(seconds.toString(16))}_${PROCESS}_`);
  }
  return beginning + group(count >> 12) + group(count & 0xfff) + END;
}

/** Eight digits, or three, six, nine more: with what follows they fill groups of three. */
function inGroups(digits: string): string {
  const more = Math.max(0, Math.ceil((digits.length - 8) / 3));
  return digits.padStart(8 + 3 * more, '0');
}

function group(number: number): string {
  groups[number] ??= base64(number.toString(16).padStart(3, '0'));
  return groups[number];
}

function base64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64');
}
