import { timingSafeEqual } from 'node:crypto';
import { Fault, type FaultCode, toFault } from '../../shared/core/fault.ts';
import type { Answer } from '../server/answer.ts';
import type { Incoming } from '../server/incoming.ts';
import { namesIn } from './admin/route.ts';
import { ADMIN_ROUTES, routeNames } from './admin/routes.ts';
import type { Engine } from './engine.ts';

export const TOKEN_HEADER = 'x-darkroom-token';

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * A request to the admin API. Programs on this machine may use it, pages in a browser may not: they
 * have neither the token nor the leave to send its header, for no answer here says anything of CORS.
 */
export async function answerAdmin(engine: Engine, incoming: Incoming): Promise<Answer> {
  try {
    mustBeProgram(incoming);
    mustHaveToken(incoming, engine.adminToken);
    return jsonAnswer(200, await outcomeOf(engine, incoming));
  } catch (thrown) {
    return faultAnswer(toFault(thrown, 'ADMIN_FAILED'));
  }
}

async function outcomeOf(engine: Engine, incoming: Incoming): Promise<object> {
  const { method, rawPath, rawQuery } = incoming;
  for (const route of Object.values(ADMIN_ROUTES).flat()) {
    const names = route.method === method ? namesIn(route.path, rawPath) : undefined;
    if (!names) continue;
    const body = await incoming.body.bytes(MAX_BODY_BYTES);
    return route.answer(engine, names, { rawQuery, body });
  }
  const there = routeNames();
  throw new Fault('ADMIN_TARGET_MISSING', `There is no ${method} ${rawPath.slice(0, 200)}`, {
    detail: { there },
  });
}

/** Browsers say on whose behalf they ask; programs do not. */
function mustBeProgram({ headers }: Incoming): void {
  if (headers['origin'] === undefined) return;
  throw new Fault('ADMIN_DENIED', 'Pages in a browser may not use the admin API');
}

function mustHaveToken({ headers }: Incoming, token: string): void {
  const given = Buffer.from(headers[TOKEN_HEADER] ?? '');
  const wanted = Buffer.from(token);
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  throw new Fault('ADMIN_DENIED', `The admin API needs its token in ${TOKEN_HEADER}`, {
    hint: 'It stands in the file "admin-token" beside the keys of the engine.',
  });
}

const STATUS: Partial<Record<FaultCode, number>> = {
  ADMIN_DENIED: 403,
  ADMIN_TARGET_MISSING: 404,
  IDENTITY_MISSING: 404,
  ADMIN_CONFLICT: 409,
  INPUT_TOO_LARGE: 413,
  ADMIN_FAILED: 500,
  STORAGE_FULL: 507,
  STORAGE_INTERRUPTED: 503,
  DATA_FOLDER_UNWRITABLE: 500,
  DATA_FOLDER_UNREADABLE: 500,
};

function faultAnswer({ code, message, hint, detail }: Fault): Answer {
  return jsonAnswer(STATUS[code] ?? 400, { error: { code, message, hint, ...detail } });
}

function jsonAnswer(status: number, value: object): Answer {
  return {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
    body: `${JSON.stringify(value, null, 2)}\n`,
  };
}
