import { BUCKET_ROUTES } from './bucket-routes.ts';
import { CALLBACK_ROUTES } from './callback-routes.ts';
import { CLOCK_ROUTES } from './clock-routes.ts';
import { EVENT_ROUTES } from './event-routes.ts';
import { FAULT_ROUTES } from './fault-routes.ts';
import { FUNCTION_ROUTES } from './function-routes.ts';
import { IDENTITY_ROUTES } from './identity-routes.ts';
import { PERMISSION_ROUTES } from './permission-routes.ts';
import { REQUEST_ROUTES } from './request-routes.ts';
import { type AdminRoute, defineRoute } from './route.ts';
import { SNAPSHOT_ROUTES } from './snapshot-routes.ts';

const engine = defineRoute({
  method: 'GET',
  path: '/',
  says: 'What this engine is, how busy it is with pictures, and everything below.',
  run: ({ url, tlsPort, region, appid, credentials, storage, operations }) => ({
    engine: 'darkroom',
    url,
    tlsPort,
    region,
    appid,
    secretId: credentials.secretId,
    buckets: storage.buckets.list().map(({ name }) => name),
    pictures: { engine: operations.name, ...operations.load?.() },
    routes: routeNames(),
  }),
});

/** What the admin API can do, by what it is about. */
export const ADMIN_ROUTES: Readonly<Record<string, readonly AdminRoute[]>> = {
  'The engine': [engine],
  Clock: CLOCK_ROUTES,
  Faults: FAULT_ROUTES,
  'Request log': REQUEST_ROUTES,
  Snapshots: SNAPSHOT_ROUTES,
  Events: EVENT_ROUTES,
  Callbacks: CALLBACK_ROUTES,
  Buckets: BUCKET_ROUTES,
  'Users, roles, policies and keys': IDENTITY_ROUTES,
  'Permissions in use': PERMISSION_ROUTES,
  Functions: FUNCTION_ROUTES,
};

export function routeNames(): readonly string[] {
  return Object.values(ADMIN_ROUTES).flatMap((routes) =>
    routes.map(({ method, path }) => `${method} ${path}`),
  );
}
