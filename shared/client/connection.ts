import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../core/clock.ts';

/** One request as it goes over the wire, signed. */
interface Outgoing {
  readonly method: string;
  /** The service's own name for itself; an engine is told it as well. */
  readonly host: string;
  /** With its query, encoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<http.IncomingHttpHeaders>;
  readonly body: Buffer;
  /** When the headers came, by our own clock. */
  readonly at: number;
}

/** An answer to its last byte, or none: then nobody knows whether the request was carried out. */
export type Exchange =
  | { readonly got: 'answer'; readonly answer: Answer }
  | { readonly got: 'nothing'; readonly because: string }
  /** More than anybody asked for: it would be no less the next time. */
  | { readonly got: 'too-much'; readonly because: string };

export type Exchanging = (outgoing: Outgoing) => Promise<Exchange>;

/**
 * A connection that nobody used for this long may be dead without knowing: the other side closes
 * idle ones, and an instance of a function is frozen between two invocations.
 */
const IDLE_MS = 4000;
const AGENT = { keepAlive: true, maxSockets: 64, timeout: IDLE_MS };

/** Connections that are kept open, to the service or to the engine at `endpoint`. */
export function openConnections(now: Clock, endpoint?: string): Exchanging {
  const engine = endpoint === undefined ? undefined : new URL(endpoint);
  const secure = engine === undefined || engine.protocol === 'https:';
  const { request, Agent } = secure ? https : http;
  let agent = new Agent(AGENT);
  let usedAt = now();
  let underWay = 0;

  return async (outgoing) => {
    if (underWay === 0 && now() - usedAt > IDLE_MS) {
      agent.destroy();
      agent = new Agent(AGENT);
    }
    const { host } = outgoing;
    const to = engine
      ? { host: engine.hostname.replace(/^\[|\]$/g, ''), port: engine.port }
      : { host };
    underWay += 1;
    try {
      return await exchange(outgoing, now, (onAnswer) =>
        request(
          {
            ...to,
            ...(secure ? { servername: host } : {}),
            agent,
            method: outgoing.method,
            path: outgoing.target,
            headers: outgoing.headers,
            setHost: false,
          },
          onAnswer,
        ),
      );
    } finally {
      underWay -= 1;
      usedAt = now();
    }
  };
}

function exchange(
  { body, timeoutMs, maxBytes }: Outgoing,
  now: Clock,
  open: (onAnswer: (incoming: http.IncomingMessage) => void) => http.ClientRequest,
): Promise<Exchange> {
  return new Promise((resolve) => {
    const end = (outcome: Exchange) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const nothing = (because: string) => end({ got: 'nothing', because });
    const request = open((incoming) => {
      const at = now();
      const parts: Buffer[] = [];
      let bytes = 0;
      incoming.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes <= maxBytes) return void parts.push(part);
        end({ got: 'too-much', because: `an answer of more than ${maxBytes} bytes` });
        request.destroy();
      });
      incoming.on('error', (error) => nothing(reasonOf(error)));
      incoming.on('end', () => {
        const { statusCode: status = 0, headers, complete } = incoming;
        if (!complete) return nothing('an answer that was cut off');
        end({ got: 'answer', answer: { status, headers, body: Buffer.concat(parts), at } });
      });
    });
    const timer = setTimeout(() => {
      nothing(`no answer within ${timeoutMs} ms`);
      request.destroy();
    }, timeoutMs);
    request.on('error', (error) => nothing(reasonOf(error)));
    request.end(body);
  });
}

/** The code says it all; messages of some failures quote what was sent. */
function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.name;
}
