import { type Fault, toFault } from '../../shared/core/fault.ts';
import type { Suite } from '../../shared/run/ports.ts';
import type { CallbackTokens } from '../../shared/suite/callback-tokens.ts';
import { readCallback } from '../../shared/wire/callback.ts';
import { readCallbackMessages } from '../../shared/wire/message-envelope.ts';
import { readUrlEvent, type UrlReply } from '../../shared/wire/url-event.ts';
import { onCallback } from './on-callback.ts';

const PATH = /^\/v1\/callbacks\/([\w.-]{1,200})$/;

interface Given {
  readonly suite: Suite;
  readonly tokens: CallbackTokens;
}

/**
 * A callback by HTTP gets an answer; one that comes through a queue is delivered again when this
 * throws. Nobody but the platform can put something into the queue, so only HTTP needs a token.
 */
export async function answerCallback(event: unknown, given: Given): Promise<UrlReply | undefined> {
  if (typeof event === 'object' && event !== null && 'httpMethod' in event) {
    return answerPost(event, given);
  }
  await onCallback(readCallbackMessages(event), given.suite);
  return undefined;
}

async function answerPost(event: object, { suite, tokens }: Given): Promise<UrlReply> {
  try {
    const { method, path, body } = readUrlEvent(event);
    const token = PATH.exec(path)?.[1];
    // Whoever guesses learns nothing: not even that there is something to be guessed here.
    if (token === undefined || !tokens.isToken(token)) return reply(404, 'Nothing here');
    if (method !== 'POST') return reply(405, 'Callbacks are posted', { allow: 'POST' });
    const jobs = await onCallback([readCallback(body)], suite);
    return jobs === 0 ? reply(404, 'No job of ours') : reply(200, 'Heard');
  } catch (thrown) {
    const fault = toFault(thrown, 'COS_UNREACHABLE');
    if (fault.blame !== 'caller') suite.log.error('callback not heard', { fault });
    return replyTo(fault);
  }
}

/** Who posts a callback tries again after a failure of ours, and need not after its own. */
function replyTo(fault: Fault): UrlReply {
  if (fault.blame === 'caller') return reply(400, fault.code);
  if (fault.retry === 'later') return reply(503, fault.code, { 'retry-after': '60' });
  return reply(500, fault.code);
}

function reply(statusCode: number, text: string, headers: UrlReply['headers'] = {}): UrlReply {
  return { statusCode, headers: { 'content-type': 'text/plain', ...headers }, body: `${text}\n` };
}
