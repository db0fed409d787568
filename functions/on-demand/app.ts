import { type Context, Hono } from 'hono';
import { Fault, toFault } from '../../shared/core/fault.ts';
import type { Asked } from './asked.ts';
import { crossOriginHeaders, preflightHeaders } from './cross-origin.ts';
import { problemAnswer } from './problem.ts';
import type { Route } from './route.ts';

type At = Context<{ Bindings: Asked }>;

/** What answers these routes, whatever else is asked. */
export function openApp(routes: readonly Route[]) {
  // The path as it was sent: a parser of addresses resolves `..`, and so names another object.
  const app = new Hono<{ Bindings: Asked }>({
    getPath: (_, options) => pathIn(options?.env),
  });
  app.use(async (exchange, next) => {
    await next();
    for (const [name, value] of Object.entries(headersFor(exchange.env))) {
      exchange.header(name, value);
    }
  });
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    for (const { method, run } of here) app.on(method, honoPath(path), (exchange) => run(exchange));
    const allow = [...here.map(({ method }) => method), 'OPTIONS'];
    if (allow.includes('GET')) allow.push('HEAD');
    app.all(honoPath(path), (exchange) => otherMethod(exchange, allow.join(', ')));
  }
  app.notFound(({ env }) => {
    throw new Fault('NOT_THERE', `There is nothing at ${env.event.path.slice(0, 200)}`, {
      hint: 'GET /openapi.json says what can be asked',
    });
  });
  app.onError((thrown, { env }) => answerTo(thrown, env));
  return app;
}

function pathIn(env: unknown): string {
  const asked = env as Asked;
  return asked.event.path;
}

/** Everything that is thrown becomes an answer here. What is no fault is a mistake of ours. */
function answerTo(thrown: unknown, { suite, requestId }: Asked): Response {
  const fault = toFault(thrown, 'UNEXPECTED');
  if (fault.blame !== 'caller') suite.log.error('not answered', { fault });
  return problemAnswer(fault, requestId);
}

function otherMethod({ env, body }: At, allow: string): Response {
  const { method, headers } = env.event;
  if (method !== 'OPTIONS') {
    throw new Fault('METHOD_REFUSED', `${method} is not asked here`, { detail: { allow } });
  }
  const { origins } = env.suite.rules.http;
  const asked = headers['access-control-request-method'] !== undefined;
  const preflight = asked ? preflightHeaders(headers['origin'], origins, allow) : {};
  return body(null, 204, { allow, ...preflight });
}

function headersFor({ event, suite, requestId }: Asked): Readonly<Record<string, string>> {
  return {
    'x-request-id': requestId,
    'x-content-type-options': 'nosniff',
    ...crossOriginHeaders(event.headers['origin'], suite.rules.http.origins),
  };
}

/** `{key}` at the end stands for all that follows. */
function honoPath(path: string): string {
  return path.replace('/{key}', '/:key{.+}').replace(/\{(\w+)\}/g, ':$1');
}
