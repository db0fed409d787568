import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Fault } from '../shared/core/fault.ts';
import { type JsonObject, readJson } from '../shared/wire/json.ts';
import { isJsonObject, objectIn, textIn } from '../shared/wire/json-object.ts';
import { tc3Authorization } from '../shared/wire/tc3.ts';
import type { AccountKeys } from './account-keys.ts';
import type { ApiAnswer, ApiCall, Cloud } from './cloud.ts';
import { denialFault } from './denial.ts';

export interface Tc3Options {
  readonly keys: AccountKeys;
  /** An engine to talk to instead of the service. */
  readonly endpoint?: string;
  readonly now?: () => number;
  readonly pause?: (ms: number) => Promise<void>;
}

const VERSIONS = { scf: '2018-04-16', cam: '2019-01-16' } as const;
const CONTENT_TYPE = 'application/json; charset=utf-8';
const TIMEOUT_MS = 60_000;
const MOST_TRIES = 6;
const FIRST_PAUSE_MS = 300;

/** Asked too often, or a failure of the service's own: nothing was refused. */
const PASSES =
  /^(?:RequestLimitExceeded|LimitExceeded\.Request|InternalError|ResourceUnavailable\.TooManyRequests)/;

/**
 * Account APIs over signed requests. The service's own host names are signed and sent; `endpoint`
 * only says to which address, so an engine is just another one.
 */
export function tc3Cloud({
  keys,
  endpoint,
  now = Date.now,
  pause = (ms) => new Promise((done) => setTimeout(done, ms)),
}: Tc3Options): Cloud {
  async function once(call: ApiCall): Promise<ApiAnswer> {
    const body = JSON.stringify(call.parameters);
    const host = `${call.service}.tencentcloudapi.com`;
    const timestampSeconds = Math.floor(now() / 1000);
    const signed = { 'content-type': CONTENT_TYPE, host };
    const headers = {
      ...signed,
      'content-length': String(Buffer.byteLength(body)),
      'x-tc-action': call.action,
      'x-tc-version': VERSIONS[call.service],
      'x-tc-timestamp': String(timestampSeconds),
      ...(call.region === undefined ? {} : { 'x-tc-region': call.region }),
      ...(keys.token === undefined ? {} : { 'x-tc-token': keys.token }),
      authorization: tc3Authorization(
        { method: 'POST', rawPath: '/', rawQuery: '', headers: signed, body },
        keys,
        { service: call.service, timestampSeconds },
      ),
    };
    return answerOf(await post(endpoint ?? `https://${host}`, headers, body), call);
  }

  return {
    async call(call) {
      for (let tries = 1; ; tries++) {
        try {
          const answer = await once(call);
          const passes = !answer.ok && PASSES.test(answer.code);
          if (!passes) return refusedKeys(answer, call) ?? answer;
          if (tries === MOST_TRIES) {
            throw new Fault('ACCOUNT_UNREACHABLE', `${call.action}: ${answer.message}`, {
              detail: { code: answer.code },
            });
          }
        } catch (thrown) {
          if (!(thrown instanceof Fault) || thrown.code !== 'ACCOUNT_UNREACHABLE') throw thrown;
          if (tries === MOST_TRIES) throw thrown;
        }
        await pause(FIRST_PAUSE_MS * 2 ** (tries - 1));
      }
    },
  };
}

function refusedKeys(answer: ApiAnswer, call: ApiCall): ApiAnswer | undefined {
  if (answer.ok) return undefined;
  if (/^(?:UnauthorizedOperation|AuthFailure\.UnauthorizedOperation)/.test(answer.code)) {
    throw denialFault(answer, call);
  }
  if (/^AuthFailure/.test(answer.code)) {
    throw new Fault('ACCOUNT_KEYS_REFUSED', `The account refuses the keys: ${answer.code}`, {
      detail: { code: answer.code },
      hint: /Signature(?:Expire|Failure)/.test(answer.code)
        ? 'Is the SecretKey the one of this SecretId, and does the clock of this machine go right?'
        : 'Name keys that exist: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or --profile',
    });
  }
  return undefined;
}

interface Answered {
  readonly status: number;
  readonly body: Buffer;
}

const MOST_BYTES = 8 * 1024 * 1024;

function post(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Answered> {
  const { protocol, hostname, port } = new URL(address);
  const secure = protocol === 'https:';
  const unreachable = (why: string, cause?: unknown) =>
    new Fault('ACCOUNT_UNREACHABLE', `${headers['host']} cannot be asked: ${why}`, { cause });
  return new Promise((resolve, reject) => {
    const asked = (secure ? httpsRequest : httpRequest)(
      {
        // An IPv6 address stands in brackets only where a port follows.
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port: port || (secure ? 443 : 80),
        method: 'POST',
        path: '/',
        headers,
        servername: headers['host'],
        timeout: TIMEOUT_MS,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MOST_BYTES) asked.destroy(new Error(`more than ${MOST_BYTES} bytes`));
          else chunks.push(chunk);
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }),
        );
        response.on('error', (error) => reject(unreachable(error.message, error)));
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer in a minute')));
    asked.on('error', (error) => reject(unreachable(error.message, error)));
    asked.end(body);
  });
}

/** Refusals come with status 200 as well; anything but a response is a failure on the way. */
function answerOf({ status, body }: Answered, call: ApiCall): ApiAnswer {
  let root: JsonObject | undefined;
  try {
    const value = readJson(body);
    root = isJsonObject(value) ? value : undefined;
  } catch {
    root = undefined;
  }
  const response = root && objectIn(root, 'Response');
  if (!response || Object.keys(response).length === 0) {
    throw new Fault('ACCOUNT_UNREACHABLE', `${call.action} was answered with status ${status}`, {
      detail: { status },
    });
  }
  const error = response['Error'];
  if (!isJsonObject(error)) return { ok: true, response };
  return { ok: false, code: textIn(error, 'Code') ?? '', message: textIn(error, 'Message') ?? '' };
}
