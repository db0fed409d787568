import type { NoticeTarget } from '../plan/rules.ts';
import { type Notice, targetsFor } from './notice.ts';
import { NOTICE_RETRIES, pauseAfter, type Retries } from './retries.ts';

export const DELIVERY_STATES = ['waiting', 'delivered', 'given-up'] as const;

/** One notice on its way to one target: what the outbox remembers. */
export interface Delivery {
  /** The notice's, so that the receiver can tell a repetition. */
  readonly id: string;
  readonly type: string;
  /** A name of the rules' `notices`; its address is looked up when sending. */
  readonly target: string;
  /** What is sent, byte for byte, each time. */
  readonly body: string;
  readonly state: (typeof DELIVERY_STATES)[number];
  readonly attempts: number;
  readonly dueAt: number;
  /** The last answer's HTTP status; nothing where there was none. */
  readonly lastStatus?: number;
}

/** The outbox records of a notice. They are written before what they tell of is, and only once. */
export function deliveriesOf(
  notice: Notice,
  targets: readonly NoticeTarget[],
  now: number,
): Delivery[] {
  return targetsFor(notice, targets).map(({ name }) => ({
    id: notice.id,
    type: notice.type,
    target: name,
    body: JSON.stringify(notice),
    state: 'waiting',
    attempts: 0,
    dueAt: now,
  }));
}

/** The delivery after it was sent once; no status where there was no answer. */
export function sent(
  delivery: Delivery,
  status: number | undefined,
  now: number,
  retries: Retries = NOTICE_RETRIES,
): Delivery {
  if (delivery.state !== 'waiting') return delivery;
  const attempts = delivery.attempts + 1;
  const tried = { ...delivery, attempts, ...(status !== undefined && { lastStatus: status }) };
  if (status !== undefined && status >= 200 && status < 300)
    return { ...tried, state: 'delivered' };
  if (attempts >= retries.attempts) return { ...tried, state: 'given-up' };
  return { ...tried, dueAt: now + pauseAfter(attempts, retries) };
}
