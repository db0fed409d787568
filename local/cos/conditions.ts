import { readEtag } from '../../shared/wire/etag.ts';
import type { ObjectRecord } from './storage/object-record.ts';
import { wholeSeconds } from './whole-seconds.ts';

/** The four conditions of a request, or those of a copy on its source. */
export interface Conditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly ifUnmodifiedSince: string | undefined;
}

export type ConditionOutcome = 'met' | 'not-modified' | 'failed';

/** The conditions of a request's headers; a copy has its own, behind a prefix. */
export function conditionsIn(
  headers: Readonly<Record<string, string | undefined>>,
  prefix = '',
): Conditions {
  return {
    ifMatch: headers[`${prefix}if-match`],
    ifNoneMatch: headers[`${prefix}if-none-match`],
    ifModifiedSince: headers[`${prefix}if-modified-since`],
    ifUnmodifiedSince: headers[`${prefix}if-unmodified-since`],
  };
}

/** In the order of RFC 7232: an etag is more exact than a date, so where both stand it decides. */
export function conditionOutcome(
  { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince }: Conditions,
  { etag, modified }: Pick<ObjectRecord, 'etag' | 'modified'>,
): ConditionOutcome {
  const seconds = wholeSeconds(modified);
  if (ifMatch) {
    if (!names(ifMatch, etag)) return 'failed';
  } else if (ifUnmodifiedSince && seconds > Date.parse(ifUnmodifiedSince)) {
    return 'failed';
  }
  if (ifNoneMatch) {
    if (names(ifNoneMatch, etag)) return 'not-modified';
  } else if (ifModifiedSince && seconds <= Date.parse(ifModifiedSince)) {
    return 'not-modified';
  }
  return 'met';
}

function names(header: string, etag: string): boolean {
  return header
    .split(',')
    .map((each) => readEtag(each.trim().replace(/^W\//, '')))
    .some((each) => each === '*' || each === etag);
}
