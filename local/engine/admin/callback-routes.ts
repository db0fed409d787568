import { Fault } from '../../../shared/core/fault.ts';
import { defined } from '../../../shared/wire/defined.ts';
import { ENVELOPE_NAMES } from '../../ci/callbacks/topics.ts';
import { may, number, oneOf, shape, textUpTo, whole } from './kinds.ts';
import { defineRoute, notThere } from './route.ts';
import { settled } from './settled.ts';

const DAY_MS = 86_400_000;
const limit = may(whole(1, 1000), 'how many; 100 unless given');

export const CALLBACK_ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/callbacks',
    says: 'The inbox, newest first: what was sent for each job that ended, to whom, and what the receiver said in each try.',
    query: shape({
      state: may(oneOf(['waiting', 'delivered', 'given-up', 'lost']), 'only these'),
      bucket: may(textUpTo(100), 'only of jobs of this bucket'),
      job: may(textUpTo(100), 'only of the job with this id'),
      topic: may(textUpTo(200), 'only those that go to this topic'),
      limit,
    }),
    run: ({ callbacks }, { query }) => ({ callbacks: callbacks.list(defined(query)) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/callbacks/{id}/replay',
    says: 'Makes one as if its job had only just ended, with all its tries.',
    async run({ callbacks }, { names: { id } }) {
      const { status } = await callbacks.replay(id);
      if (status === 'no-callback') throw notThere(`callback "${id}"`);
      if (status === 'under-way') {
        throw new Fault('ADMIN_CONFLICT', `Callback "${id}" is being made at this moment`);
      }
      return { replayed: id };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/callbacks/settle',
    says: 'Answers when no callback is left to make before the clock moves, or after half a minute.',
    run: async ({ callbacks }) => ({ settled: await settled(callbacks.idle()) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/callback-delivery',
    says: 'How callbacks are made.',
    run: ({ callbacks }) => callbacks.settings,
  }),
  defineRoute({
    method: 'PATCH',
    path: '/callback-delivery',
    says: 'Makes callbacks late, twice or never: those that were not tried yet.',
    body: shape({
      delayMs: may(whole(0, DAY_MS), "how long each waits after its job, by the engine's clock"),
      duplicatePercent: may(number(0, 100), 'how many of a hundred are made twice'),
      losePercent: may(number(0, 100), 'how many of a hundred are not made at all'),
    }),
    run({ callbacks }, { body }) {
      callbacks.change(defined(body));
      return callbacks.settings;
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/topics/{topic}/messages',
    says: 'The messages of a topic, newest first, each as a function gets it.',
    query: shape({
      envelope: may(oneOf(ENVELOPE_NAMES), 'what each is wrapped in; CMQ unless given'),
      limit,
    }),
    run: ({ callbacks }, { names: { topic }, query: { envelope = 'CMQ', limit = 100 } }) => ({
      messages: callbacks.messages(topic, envelope, limit),
    }),
  }),
];
