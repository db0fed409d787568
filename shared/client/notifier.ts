import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../core/clock.ts';
import { signatureText } from '../progress/notice.ts';
import type { Notifier } from '../run/ports.ts';
import { digest } from './digest.ts';

export interface NotifierTerms {
  /** Nothing where notices are not signed. */
  readonly secret?: string;
  readonly leftMs: () => number;
  readonly now: Clock;
}

const LONGEST_MS = 10_000;

/**
 * Posts notices. Of an answer only the status is of use, so the rest of it is not waited for. Where
 * an answer points elsewhere is not followed: what is signed is for the address in the rules.
 */
export function openNotifier({ secret, leftMs, now }: NotifierTerms): Notifier {
  return {
    post(url, { id, body }) {
      const timeoutMs = Math.min(LONGEST_MS, leftMs());
      if (timeoutMs < 1 || !URL.canParse(url)) return Promise.resolve(undefined);
      const seconds = Math.floor(now() / 1000);
      return statusOf(url, body, timeoutMs, {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        // An id may name any key and be long, while a header is short and ASCII. The body has it whole.
        'x-darkroom-id': digest(id),
        'x-darkroom-timestamp': String(seconds),
        ...(secret !== undefined && {
          'x-darkroom-signature': `sha256=${hmac(secret, signatureText(seconds, body))}`,
        }),
      });
    },
  };
}

function hmac(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

function statusOf(
  url: string,
  body: string,
  timeoutMs: number,
  headers: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const { request } = url.startsWith('https:') ? https : http;
    const sending = request(url, { method: 'POST', headers, agent: false }, (answer) => {
      resolve(answer.statusCode);
      sending.destroy();
    });
    const timer = setTimeout(() => sending.destroy(), timeoutMs);
    sending.on('error', () => resolve(undefined));
    sending.on('close', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    sending.end(body);
  });
}
