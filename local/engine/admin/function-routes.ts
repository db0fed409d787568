import { defined } from '../../../shared/wire/defined.ts';
import { functionKey } from '../../scf/stored-function.ts';
import { may, shape, textUpTo, whole } from './kinds.ts';
import { defineRoute } from './route.ts';
import { settled } from './settled.ts';

export const FUNCTION_ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/functions',
    says: 'The functions, the state and the triggers of each with the address on this machine, and how many processes run for them.',
    run({ scf: { functions, triggers, host } }) {
      const all = functions.tables.all().map((stored) => {
        const { region, namespace, name, state, reason, runtime, role, memory } = stored;
        return {
          ...{ function: functionKey(stored), region, namespace, name, state, reason, runtime },
          ...{ role, memory, timeoutSeconds: stored.timeoutSeconds, changed: stored.changed },
          triggers: triggers.of(stored).map((trigger) => {
            const { type, name, description, enabled } = trigger;
            const localAddress = triggers.localAddress(trigger);
            return { type, name, description, enabled, ...(localAddress && { localAddress }) };
          }),
        };
      });
      return { functions: all, processes: host.processes };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/invocations',
    says: 'The last invocations, newest first: what came of each, and what the function wrote.',
    query: shape({
      function: may(textUpTo(200), 'only of the function with this name'),
      after: may(textUpTo(40), 'only what came after the one with this id'),
      limit: may(whole(1, 1000), 'how many; 100 unless given'),
    }),
    run({ scf: { logs } }, { query }) {
      return { invocations: logs.list(defined(query)) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/functions/settle',
    says: 'Answers when no function runs or is about to become active, or after half a minute.',
    async run({ scf: { functions, host } }) {
      const quiet = functions.settled().then(() => host.idle());
      return { settled: await settled(quiet) };
    },
  }),
];
