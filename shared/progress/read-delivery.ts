import { DELIVERY_STATES, type Delivery } from './delivery.ts';
import { readRecord } from './record.ts';

/** A delivery out of the outbox; it was written there as the JSON of the value. */
export function readDelivery(text: string): Delivery {
  const record = readRecord(text, 'delivery of a notice');
  return {
    id: record.text('id'),
    type: record.text('type'),
    target: record.text('target'),
    body: record.text('body'),
    state: record.word('state', DELIVERY_STATES),
    attempts: record.count('attempts'),
    dueAt: record.time('dueAt'),
    ...(record.has('lastStatus') && { lastStatus: record.count('lastStatus') }),
  };
}
