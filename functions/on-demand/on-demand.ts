import { Fault, toFault } from '../../shared/core/fault.ts';
import { readUrlEvent, type UrlReply } from '../../shared/wire/url-event.ts';
import { openApp } from './app.ts';
import type { Asked } from './asked.ts';
import { problemAnswer } from './problem.ts';
import { ROUTES } from './routes.ts';

const app = openApp(ROUTES);

/** The platform hands on 6 MB; what is around the body needs some of it. */
const LONGEST_REPLY = 5 * 1024 * 1024;

/** What is opened for one request; it may well fail, and then the answer says why. */
type Open = () => Promise<Omit<Asked, 'event'>>;

/** request -> answer. What the function is asked comes as a value, and so does what it says. */
export async function onDemand(event: unknown, open: Open): Promise<UrlReply> {
  let requestId = '';
  try {
    const given = await open();
    requestId = given.requestId;
    const asked: Asked = { ...given, event: readUrlEvent(event) };
    // Whatever word a caller sends as a method: only some can be requested, and it is refused anyway.
    const method = METHODS.has(asked.event.method) ? asked.event.method : 'PATCH';
    return await replyOf(await app.fetch(new Request('http://on-demand/', { method }), asked));
  } catch (thrown) {
    return replyOf(problemAnswer(toFault(thrown, 'UNEXPECTED'), requestId));
  }
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE']);

async function replyOf(response: Response): Promise<UrlReply> {
  const body = await response.text();
  if (Buffer.byteLength(body) > LONGEST_REPLY) {
    throw new Fault('UNEXPECTED', `An answer of ${body.length} characters is too long`);
  }
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body };
}
