import type { Route } from '../route.ts';
import { HealthReply } from '../shapes.ts';

export const getHealth: Route = {
  id: 'health',
  method: 'GET',
  path: '/v1/health',
  summary: 'Whether this function can work',
  says: 'The settings and the rules could be read. Nothing else is asked.',
  opens: 'nothing',
  given: [],
  answers: { 200: { says: 'It can', shape: HealthReply } },
  run: () => Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } }),
};
