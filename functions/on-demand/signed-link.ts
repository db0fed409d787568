import { Fault } from '../../shared/core/fault.ts';
import { type Link, linkText } from '../../shared/wire/link.ts';
import type { Asked } from './asked.ts';

/** Longer than `darkroom link` signs; a number of seconds that a date can be made of. */
const EXPIRES = /^[1-9]\d{8,10}$/;

/** Whether a request is made with a link, and not by a caller. */
export function isByLink({ event }: Pick<Asked, 'event'>): boolean {
  return event.query['signature'] !== undefined;
}

/** Seconds that are left of the link this request is made with; a fault where it opens nothing. */
export function secondsLeft(
  link: Omit<Link, 'untilSeconds'>,
  { event, suite }: Pick<Asked, 'event' | 'suite'>,
): number {
  const { expires = '', signature = '' } = event.query;
  const untilSeconds = Number(expires);
  const signed =
    EXPIRES.test(expires) && suite.seals.isSealOf(linkText({ ...link, untilSeconds }), signature);
  if (!signed) {
    throw new Fault('LINK_INVALID', 'This link was changed, or was never one of ours', {
      hint: 'Links are made with darkroom link, and their keys stand in DARKROOM_LINK_KEYS',
    });
  }
  const left = untilSeconds - Math.floor(suite.now() / 1000);
  if (left > 0) return left;
  throw new Fault('LINK_INVALID', `This link has expired, ${-left} seconds ago`);
}
