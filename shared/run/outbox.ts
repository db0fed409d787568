import { allOver } from '../core/all-over.ts';
import { type Delivery, deliveriesOf, sent } from '../progress/delivery.ts';
import type { Notice } from '../progress/notice.ts';
import { readDelivery } from '../progress/read-delivery.ts';
import { markDue } from './agenda.ts';
import type { Suite } from './ports.ts';
import { recordName } from './record-names.ts';

type On = Pick<Suite, 'records' | 'digest' | 'now' | 'rules'>;

/** Puts a notice into the outbox, once for each who wants to hear of it; the names of these records. */
export async function tell(notice: Notice | undefined, on: On): Promise<readonly string[]> {
  if (!notice) return [];
  return allOver(
    deliveriesOf(notice, on.rules.notices, on.now()).map(async (delivery) => {
      const name = on.digest(`${delivery.id} to ${delivery.target}`);
      await markDue('notices', name, delivery.dueAt, on);
      await on.records.create(recordName('notices', name), JSON.stringify(delivery));
      return name;
    }),
  );
}

/** Sends a notice that is due, and writes down whether it was heard. */
export async function deliver(
  name: string,
  on: On & Pick<Suite, 'notifier' | 'log'>,
): Promise<void> {
  const text = await on.records.read(recordName('notices', name));
  if (text === undefined) return;
  const delivery = readDelivery(text);
  if (delivery.state !== 'waiting' || delivery.dueAt > on.now()) return;
  const after = sent(delivery, await post(delivery, on), on.now());
  if (after.state === 'waiting') await markDue('notices', name, after.dueAt, on);
  await on.records.write(recordName('notices', name), JSON.stringify(after));
  const { id, type, target, state, attempts, lastStatus } = after;
  const fields = { id, type, target, state, attempts, lastStatus };
  if (state === 'given-up') on.log.error('notice given up', fields);
  else on.log.info('notice sent', fields);
}

/** Nobody is there to hear a notice whose target the rules no longer name. */
async function post(
  { target, id, body }: Delivery,
  { rules, notifier }: Pick<Suite, 'rules' | 'notifier'>,
): Promise<number | undefined> {
  const address = rules.notices.find(({ name }) => name === target);
  return address && notifier.post(address.url, { id, body });
}
