import type { Answer } from '../../server/answer.ts';
import type { Incoming } from '../../server/incoming.ts';
import type { UrlCors } from './url-trigger.ts';

/** What lets a page of another origin read the answer of a function; nothing where it may not. */
export function corsOf(cors: UrlCors | undefined, { headers }: Incoming): Answer['headers'] {
  const origin = headers['origin'];
  if (!cors || origin === undefined || !allows(cors.origins, origin)) return {};
  return {
    'Access-Control-Allow-Origin': origin,
    ...(cors.credentials && { 'Access-Control-Allow-Credentials': 'true' }),
    ...(cors.exposed.length > 0 && { 'Access-Control-Expose-Headers': cors.exposed.join(', ') }),
    Vary: 'Origin',
  };
}

/** The platform answers what browsers ask first; the function does not hear of it. */
export function preflightOf(cors: UrlCors, incoming: Incoming): Answer {
  const allowed = corsOf(cors, incoming);
  const method = incoming.headers['access-control-request-method'];
  if (!('Vary' in allowed) || method === undefined || !allows(cors.methods, method)) {
    return { status: 403, headers: {} };
  }
  return {
    status: 204,
    headers: {
      ...allowed,
      'Access-Control-Allow-Methods': cors.methods.join(', '),
      'Access-Control-Allow-Headers': cors.headers.join(', '),
      'Access-Control-Max-Age': cors.maxAgeSeconds,
    },
  };
}

function allows(list: readonly string[], value: string): boolean {
  return list.some((each) => each === '*' || each.toLowerCase() === value.toLowerCase());
}
