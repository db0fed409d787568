import { Fault } from '../../../shared/core/fault.ts';
import { defined } from '../../../shared/wire/defined.ts';
import { flag, listOf, may, need, number, oneOf, shape, textUpTo, whole } from './kinds.ts';
import { defineRoute, notThere } from './route.ts';
import { settled } from './settled.ts';

const DAY_MS = 86_400_000;

export const EVENT_ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/events',
    says: 'Events, newest first: those that wait, and the last that were delivered or given up.',
    query: shape({
      state: may(oneOf(['waiting', 'delivered', 'dead']), 'only these'),
      bucket: may(textUpTo(100), 'only of this bucket'),
      subscriber: may(textUpTo(200), 'only for this one'),
      limit: may(whole(1, 1000), 'how many; 100 unless given'),
    }),
    run: ({ events }, { query }) => ({ events: events.list(defined(query)) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/events/{id}/replay',
    says: 'Delivers one as if it had only just happened, with all its tries.',
    async run({ events }, { names: { id } }) {
      const { status } = await events.replay(id);
      if (status === 'no-event') throw notThere(`event "${id}"`);
      if (status === 'under-way') {
        throw new Fault('ADMIN_CONFLICT', `Event "${id}" is being delivered at this moment`);
      }
      return { replayed: id };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/events/{id}/duplicate',
    says: 'Delivers one more of the same.',
    async run({ events }, { names: { id } }) {
      const outcome = await events.duplicate(id);
      if (outcome.status === 'no-event') throw notThere(`event "${id}"`);
      return { id: outcome.id };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/events/settle',
    says: 'Answers when nothing is left to deliver before the clock moves, or after half a minute.',
    run: async ({ events }) => ({ settled: await settled(events.idle()) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/delivery',
    says: 'How events are delivered.',
    run: ({ events }) => events.settings,
  }),
  defineRoute({
    method: 'PATCH',
    path: '/delivery',
    says: 'Delivers events late, twice or out of order: those raised from now on.',
    body: shape({
      deliveryDelayMs: may(whole(0, DAY_MS), "how long each waits first, by the engine's clock"),
      duplicatePercent: may(number(0, 100), 'how many of a hundred are delivered twice'),
      reorder: may(flag, 'whether each waits for some part of the delay, or of a second'),
    }),
    run({ events }, { body }) {
      events.change(defined(body));
      return events.settings;
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/notifications',
    says: 'Which events go to whom.',
    run: ({ events }) => ({ notifications: events.rules.all() }),
  }),
  defineRoute({
    method: 'PUT',
    path: '/notifications/{bucket}/{id}',
    says: 'Lets events of a bucket go to a subscriber. One that overlaps with another is refused.',
    body: shape({
      events: need(listOf(textUpTo(100), 20), 'such as cos:ObjectCreated:*'),
      prefix: may(textUpTo(850), 'only of keys that start so'),
      suffix: may(textUpTo(850), 'only of keys that end so'),
      subscriber: need(textUpTo(200), 'under which name somebody subscribes'),
      enabled: may(flag, 'true unless given'),
    }),
    async run({ events, storage }, { names: { bucket, id }, body }) {
      if (!storage.buckets.get(bucket)) throw notThere(`bucket "${bucket}"`);
      const { prefix = '', suffix = '', enabled = true, ...rest } = body;
      const rule = { ...rest, id, bucket, prefix, suffix, enabled };
      const outcome = await events.rules.add(rule);
      if (outcome.status === 'refused') {
        throw new Fault('ADMIN_CONFLICT', `${outcome.code}: ${outcome.message}`);
      }
      return rule;
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/notifications/{bucket}/{id}',
    says: 'Ends that.',
    async run({ events }, { names: { bucket, id } }) {
      const { status } = await events.rules.remove(bucket, id);
      if (status === 'no-rule') throw notThere(`notification "${id}" of "${bucket}"`);
      return { removed: id };
    },
  }),
];
