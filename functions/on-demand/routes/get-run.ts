import { Fault } from '../../../shared/core/fault.ts';
import { findRun } from '../../../shared/run/runs.ts';
import { callerOf } from '../caller-of.ts';
import { pathPart } from '../path-part.ts';
import { readShape } from '../read-body.ts';
import type { Route } from '../route.ts';
import { runReply } from '../run-reply.ts';
import { RunId, RunReply } from '../shapes.ts';

export const getRun: Route = {
  id: 'getRun',
  method: 'GET',
  path: '/v1/runs/{id}',
  summary: 'How a run is',
  says: 'Every step as it stands. Only whoever started a run may ask about it.',
  opens: 'key',
  given: [{ in: 'path', name: 'id', schema: RunId }],
  answers: { 200: { says: 'The run', shape: RunReply } },
  async run({ env, req }) {
    const caller = callerOf(env);
    const id = readShape(pathPart(req.path, 3, 'alone'), RunId, 'id');
    const run = await findRun(id, env.suite);
    // Whether somebody else has a run of this name is not for this caller to know.
    if (run?.caller !== caller.name) throw new Fault('NOT_THERE', `There is no run ${id}`);
    return Response.json(await runReply(run, env.suite), {
      headers: { 'cache-control': 'no-store' },
    });
  },
};
