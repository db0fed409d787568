import { may, shape, whole } from './kinds.ts';
import { defineRoute } from './route.ts';

export const REQUEST_ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/requests',
    says: 'The last requests to buckets, oldest first: who signed, what was decided and why, how long it took. Secrets are left out.',
    query: shape({ limit: may(whole(1, 1000), 'how many; 100 unless given') }),
    run: ({ requests }, { query: { limit = 100 } }) => ({ requests: requests.list(limit) }),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/requests',
    says: 'Forgets them.',
    run({ requests }) {
      requests.clear();
      return {};
    },
  }),
];
