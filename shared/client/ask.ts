import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { Place } from '../plan/places.ts';
import type { Limits } from '../plan/rules.ts';
import { encodePath, percentEncode } from '../wire/percent.ts';
import { authorization, type Credentials, headersToSign } from '../wire/signature.ts';
import { type Answer, type Exchange, openConnections } from './connection.ts';
import { openGate, type Sleep } from './gate.ts';
import { ciHost, cosHost } from './hosts.ts';
import { type Again, isThrottle, nextMove, pauseMs } from './retry.ts';
import { faultOf } from './vendor-faults.ts';

/** One request to the service, before it is signed. */
export interface Question {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST';
  readonly at: Place;
  readonly service: 'cos' | 'ci';
  /** Not encoded, with its leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly again: Again;
  /** Whether it counts against the limits of the region: what is asked of Cloud Infinite does. */
  readonly limited: boolean;
  /** Answers besides 2xx that are no fault. */
  readonly expects?: readonly number[];
  /** How long all of it may take: waiting for its turn, and every try. */
  readonly withinMs?: number;
  readonly maxBytes?: number;
}

export interface Heard extends Answer {
  /** Whether an earlier try may have been carried out, its answer lost. */
  readonly unsure: boolean;
}

/** Asks until there is an answer, or reason to stop asking: then it throws a fault. */
export type Ask = (question: Question) => Promise<Heard>;

export interface AskTerms {
  /** Asked for every request: keys of a role change while an instance lives on. */
  readonly keys: () => Credentials;
  /** What is left of the invocation. */
  readonly leftMs: () => number;
  readonly limits: Pick<Limits, 'requestsPerSecond' | 'inFlight'>;
  readonly now: Clock;
  /** An engine to talk to instead of the service. */
  readonly endpoint?: string;
  readonly random?: () => number;
  readonly sleep?: Sleep;
  /** Hears of every request that is sent again. */
  readonly onRetry?: (retry: Retry) => void;
}

interface Retry {
  readonly request: string;
  readonly because: string;
  readonly tries: number;
  readonly pauseMs: number;
}

/** One try. */
const LONGEST_TRY_MS = 10_000;
const USUAL_BYTES = 1024 * 1024;
/** A signature counts from a little before, for the service's clock, and no longer than is of use. */
const EARLIER_SECONDS = 60;
const VALID_SECONDS = 900;
/** The time of an answer has whole seconds and was on its way; less than this is no difference. */
const SAME_TIME_MS = 5000;

/** How to ask, and the service's time as its answers tell it. */
export function openAsking(terms: AskTerms): { readonly ask: Ask; readonly now: Clock } {
  const { keys, leftMs, limits, now, endpoint, random = Math.random, sleep = slept } = terms;
  const exchange = openConnections(now, endpoint);
  const gate = openGate(limits, now, sleep);
  let aheadMs = 0;
  const serviceNow = () => now() + aheadMs;

  /** Sets the clock by an answer; true where that was needed. */
  function setClock({ headers, at }: Answer): boolean {
    const told = Date.parse(headers.date ?? '') - at;
    if (Number.isNaN(told) || Math.abs(told - aheadMs) <= SAME_TIME_MS) return false;
    aheadMs = told;
    return true;
  }

  async function once(question: Question, timeoutMs: number): Promise<Exchange> {
    const signed = signedQuestion(question, keys(), serviceNow());
    const { method, maxBytes = USUAL_BYTES, body = '' } = question;
    return exchange({ method, ...signed, body, timeoutMs, maxBytes });
  }

  /** Asks until there is an answer. `left`: how long that may still take. */
  async function askAgain(question: Question, left: () => number): Promise<Heard> {
    const what = nameOf(question);
    const longest = question.withinMs ?? LONGEST_TRY_MS;
    let unsure = false;
    let clockWasSet = false;
    for (let tries = 1; ; tries += 1) {
      const timeoutMs = Math.min(longest, left());
      if (timeoutMs < 1) throw notSent(what, 'no time is left');
      const heard = await once(question, timeoutMs);
      const answer = heard.got === 'answer' ? heard.answer : undefined;
      const skewed = answer !== undefined && setClock(answer);
      // Who refuses a signature did nothing, so even what costs money can be signed and sent again.
      if (skewed && !clockWasSet && (answer.status === 403 || answer.status === 401)) {
        clockWasSet = true;
        continue;
      }
      const next = nextMove(heard, tries, question.again);
      if (next.move === 'take' && answer) return taken(answer, question, what, unsure);
      if (!isThrottle(heard)) unsure = true;

      const pause = next.move === 'wait' ? next.atLeastMs + pauseMs(tries, random) : 0;
      if (next.move !== 'wait' || pause >= left()) throw inVain(heard, question, what, unsure);
      terms.onRetry?.({ request: what, because: reasonIn(heard), tries, pauseMs: pause });
      if (next.throttled && question.limited) gate.rest(question.at.region, next.atLeastMs);
      await sleep(pause);
    }
  }

  async function ask(question: Question): Promise<Heard> {
    const until = now() + (question.withinMs ?? Number.POSITIVE_INFINITY);
    const left = () => Math.min(leftMs(), until - now());
    if (!question.limited) return askAgain(question, left);
    const { region } = question.at;
    if (!(await gate.enter(region, left()))) {
      throw notSent(nameOf(question), 'its turn did not come');
    }
    try {
      return await askAgain(question, left);
    } finally {
      gate.leave(region);
    }
  }

  return { ask, now: serviceNow };
}

/** What a request is called in a fault: without what signs it. */
function nameOf({ method, at, path }: Question): string {
  return `${method} ${at.bucket}${path}`;
}

function signedQuestion(question: Question, keys: Credentials, now: number) {
  const { method, at, service, path, query = {}, body = '' } = question;
  const host = service === 'ci' ? ciHost(at) : cosHost(at);
  const token = service === 'ci' ? 'x-ci-security-token' : 'x-cos-security-token';
  const headers: Record<string, string> = {
    ...question.headers,
    host,
    ...(method === 'PUT' || method === 'POST'
      ? { 'content-length': String(Buffer.byteLength(body)) }
      : {}),
    ...(keys.token ? { [token]: keys.token } : {}),
  };
  // Whole minutes, so that one key made of the time serves many requests.
  const minute = Math.floor(now / 60_000) * 60;
  const window = { fromSeconds: minute - EARLIER_SECONDS, untilSeconds: minute + VALID_SECONDS };
  const signed = { method, path, query, headers: headersToSign(headers) };
  const pairs = Object.entries(query).map(
    ([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`,
  );
  return {
    host,
    target: pairs.length === 0 ? encodePath(path) : `${encodePath(path)}?${pairs.join('&')}`,
    headers: { ...headers, authorization: authorization(signed, keys, window) },
  };
}

function taken(answer: Answer, { expects = [] }: Question, what: string, unsure: boolean): Heard {
  const { status } = answer;
  if ((status >= 200 && status < 300) || expects.includes(status)) return { ...answer, unsure };
  throw faultOf(answer, what);
}

/** The fault of a request that was given up. */
function inVain(exchange: Exchange, { again }: Question, what: string, unsure: boolean): Fault {
  const fault = faultIn(exchange, what);
  if (again === 'safe' || !unsure) return fault;
  return new Fault('OUTCOME_UNKNOWN', `${fault.message}; it may have been carried out`, {
    detail: fault.detail,
    cause: fault,
  });
}

function faultIn(exchange: Exchange, what: string): Fault {
  if (exchange.got === 'answer') return faultOf(exchange.answer, what);
  const code = exchange.got === 'too-much' ? 'INPUT_TOO_LARGE' : 'COS_UNREACHABLE';
  return new Fault(code, `${what} got no answer: ${exchange.because}`);
}

function reasonIn(exchange: Exchange): string {
  return exchange.got === 'answer' ? `status ${exchange.answer.status}` : exchange.because;
}

/** Nothing was carried out, and later it can be. */
function notSent(what: string, because: string): Fault {
  return new Fault('COS_THROTTLED', `${what} was not sent: ${because}`);
}

function slept(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
