import { Fault, toFault } from '../../shared/core/fault.ts';
import { readUrlEvent, type UrlReply } from '../../shared/wire/url-event.ts';
import { openApp } from './app.ts';
import type { Asked } from './asked.ts';
import { problemAnswer } from './problem.ts';
import { ROUTES } from './routes.ts';

const app = openApp(ROUTES);

/** The platform hands on 6 MB; what is around the body needs some of it. */
const LONGEST_REPLY = 5 * 1024 * 1024;

/** request -> answer. What the function is asked comes as a value, and so does what it says. */
export async function onDemand(event: unknown, given: Omit<Asked, 'event'>): Promise<UrlReply> {
  return replyOf(await answerTo(event, given), given.requestId);
}

async function answerTo(event: unknown, given: Omit<Asked, 'event'>): Promise<Response> {
  try {
    const asked: Asked = { ...given, event: readUrlEvent(event) };
    // Whatever word a caller sends as a method: the app goes by it, and only some can be requested.
    const method = METHODS.has(asked.event.method) ? asked.event.method : 'PATCH';
    return await app.fetch(new Request('http://on-demand/', { method }), asked);
  } catch (thrown) {
    return problemAnswer(toFault(thrown, 'UNEXPECTED'), given.requestId);
  }
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE']);

async function replyOf(response: Response, requestId: string): Promise<UrlReply> {
  const body = await response.text();
  if (Buffer.byteLength(body) > LONGEST_REPLY) {
    const fault = new Fault('UNEXPECTED', `An answer of ${body.length} characters is too long`);
    return replyOf(problemAnswer(fault, requestId), requestId);
  }
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body,
  };
}
