import { may, shape, textUpTo } from './kinds.ts';
import { defineRoute } from './route.ts';

export const PERMISSION_ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/permissions',
    says: 'Which permissions roles, users and sessions used since the start or the last reset of this list: the statements that allowed each, and what was denied.',
    query: shape({ caller: may(textUpTo(200), 'only of this one, such as role/on-upload') }),
    run({ identities }, { query: { caller } }) {
      const all = identities.uses.list();
      return { permissions: all.filter((use) => caller === undefined || use.caller === caller) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/permissions',
    says: 'Begins that list anew.',
    run({ identities }) {
      identities.uses.clear();
      return { cleared: true };
    },
  }),
];
