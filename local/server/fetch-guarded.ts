import { promises as dns, type LookupAddress } from 'node:dns';
import { type IncomingHttpHeaders, type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isSpecialAddress } from './special-address.ts';

/** A request to an address that somebody else chose. */
export interface GuardedRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** More of the answer's body is not read. */
  readonly maxBytes: number;
  /** For all of it, redirects included; by the real clock. */
  readonly timeoutMs: number;
  /** Lets it reach this machine and its neighbours. */
  readonly allowPrivate: boolean;
  /** How many redirects a GET follows; none unless given. Each is checked like the address itself. */
  readonly redirects?: number;
  /** Names the engine answers for: real ones, which may be served on the public network as well. */
  readonly isInside?: (host: string) => boolean;
  readonly signal?: AbortSignal;
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
  /** Which addresses are private. */
  readonly isSpecial?: (address: string) => boolean;
}

export type Fetched =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly bytes: Uint8Array;
      /** Whether `bytes` is all of it. */
      readonly whole: boolean;
    }
  /** The address is none that is asked at all. */
  | { readonly outcome: 'refused'; readonly message: string }
  | { readonly outcome: 'failed'; readonly message: string };

const MAX_URL = 8_192;

/**
 * Asks an address on the public network, and only there. What a name resolves to is checked and is
 * the very address then connected to, so that a name cannot be public for the check and private
 * for the connection.
 */
export async function guardedFetch(request: GuardedRequest): Promise<Fetched> {
  const { timeoutMs, redirects = 0, signal } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  let address = request.url;
  for (let followed = 0; ; followed++) {
    const refusal = reasonNotToFetch(address, request);
    if (refusal !== undefined) return { outcome: 'refused', message: refusal };
    const target = new URL(address);
    const fetched = await fetchOnce(target, request, either);
    if (fetched.outcome === 'failed' && timeout.aborted) {
      return { outcome: 'failed', message: `${target.host} took longer than ${timeoutMs} ms` };
    }
    const next = followed < redirects ? redirectOf(fetched, request) : undefined;
    if (next === undefined) return fetched;
    address = URL.canParse(next, target.href) ? new URL(next, target).href : next;
  }
}

/**
 * Why an address is not asked, as far as it shows without asking: whether those that a name stands
 * for are public is seen when it is resolved.
 */
export function reasonNotToFetch(
  address: string,
  {
    allowPrivate,
    isInside,
    isSpecial = isSpecialAddress,
  }: Pick<GuardedRequest, 'allowPrivate' | 'isInside' | 'isSpecial'>,
): string | undefined {
  if (address.length > MAX_URL || !URL.canParse(address)) return 'The address cannot be read';
  const url = new URL(address);
  const { protocol, hostname, username, password } = url;
  if (protocol !== 'http:' && protocol !== 'https:') return `${protocol} addresses are not fetched`;
  if (username !== '' || password !== '') return 'An address with a password is not fetched';
  if (isInside?.(hostname))
    return `${hostname} is none of the engine's, and is not asked elsewhere`;
  const literal = hostOf(url);
  if (!allowPrivate && isIP(literal) !== 0 && isSpecial(literal)) return notPublic(literal);
  return undefined;
}

async function fetchOnce(url: URL, request: GuardedRequest, signal: AbortSignal): Promise<Fetched> {
  const { maxBytes, allowPrivate, resolve = resolveAll, isSpecial = isSpecialAddress } = request;
  let refusal: string | undefined;
  const lookup: LookupFunction = (host, { all }, done) => {
    resolve(host).then(
      (found) => {
        const special = found.find(({ address }) => !allowPrivate && isSpecial(address));
        const [first] = found;
        if (special) {
          refusal = notPublic(host);
          done(new Error(refusal), []);
        } else if (!first) done(new Error(`${host} has no address`), []);
        else if (all) done(null, [...found]);
        else done(null, first.address, first.family);
      },
      (thrown) => done(thrown, []),
    );
  };
  try {
    const answer = await ask(url, request, { lookup, signal });
    const { statusCode: status = 0, headers } = answer;
    return { outcome: 'answered', status, headers, ...(await bytesUpTo(maxBytes, answer)) };
  } catch (thrown) {
    if (refusal !== undefined) return { outcome: 'refused', message: refusal };
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { outcome: 'failed', message: `${url.host} did not answer: ${message}` };
  }
}

function ask(
  url: URL,
  { method = 'GET', headers = {}, body }: GuardedRequest,
  how: { readonly lookup: LookupFunction; readonly signal: AbortSignal },
): Promise<IncomingMessage> {
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  // A connection of its own: one that is kept was checked for somebody else.
  const options = { ...how, method, headers: { ...headers, ...length }, agent: false };
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? overHttps : overHttp)(url, options, resolve);
    sent.on('error', reject);
    // Who wants to speak another protocol is left without an answer and without an error.
    sent.on('close', () => reject(new Error('the connection was closed')));
    sent.end(body);
  });
}

async function bytesUpTo(
  most: number,
  answer: IncomingMessage,
): Promise<{ readonly bytes: Uint8Array; readonly whole: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, most), whole: length <= most };
}

function redirectOf(fetched: Fetched, { method = 'GET' }: GuardedRequest): string | undefined {
  if (fetched.outcome !== 'answered' || method !== 'GET') return undefined;
  return [301, 302, 303, 307, 308].includes(fetched.status) ? fetched.headers.location : undefined;
}

function resolveAll(host: string): Promise<readonly LookupAddress[]> {
  return dns.lookup(host, { all: true });
}

/** Without the brackets of IPv6. */
function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function notPublic(host: string): string {
  return `${host} is not on the public network, and --allow-private-fetch was not given`;
}
