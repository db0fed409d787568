import { Fault } from '../core/fault.ts';

const LONGEST = 300;
/** What a file may be called everywhere. */
const LONGEST_PART = 250;
export const LONGEST_TEXT = 256 * 1024;

const NAME = /^(?:[A-Za-z0-9._%-]+\/)*[A-Za-z0-9._%-]+\.json$/;
/** Means another folder, or the same one, to a file system. */
const CLIMBS = /(?:^|\/)\.{1,2}(?:\/|$)/;

export function isRecordName(name: string): boolean {
  return (
    name.length <= LONGEST &&
    NAME.test(name) &&
    !CLIMBS.test(name) &&
    name.split('/').every((part) => part.length <= LONGEST_PART)
  );
}

/** Stops what could not be kept by every store, or not be read again. */
export function checkRecord(name: string, text = ''): void {
  if (!isRecordName(name)) {
    throw new Fault('RECORD_UNWRITABLE', `No record can be called "${name.slice(0, LONGEST)}"`);
  }
  if (text.length > LONGEST_TEXT) {
    throw new Fault('RECORD_UNWRITABLE', `The record ${name} would have ${text.length} characters`);
  }
}
