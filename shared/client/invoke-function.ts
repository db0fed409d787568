import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import { redacted } from '../core/redact.ts';
import type { FunctionPlace } from '../plan/places.ts';
import { type JsonObject, readJson } from '../wire/json.ts';
import { isJsonObject, objectIn, textIn } from '../wire/json-object.ts';
import type { Credentials } from '../wire/signature.ts';
import { tc3Authorization } from '../wire/tc3.ts';
import { type Answer, openConnections } from './connection.ts';

export interface InvokeTerms {
  /** Asked for every call: keys of a role change while an instance lives on. */
  readonly keys: () => Credentials;
  readonly now: Clock;
  /** An engine to talk to instead of the service. */
  readonly endpoint?: string;
}

export type InvokeFunction = (
  place: FunctionPlace,
  event: JsonObject,
  timeoutMs: number,
) => Promise<void>;

const HOST = 'scf.tencentcloudapi.com';
const SIGNED = { 'content-type': 'application/json; charset=utf-8', host: HOST };
const MOST_BYTES = 64 * 1024;
const LONGEST_MESSAGE = 300;

/** Has functions begin, and waits for no more than that. It asks once: who is not heard may have been. */
export function openInvoking({ keys, now, endpoint }: InvokeTerms): InvokeFunction {
  const exchange = openConnections(now, endpoint);
  return async ({ region, namespace, name }, event, timeoutMs) => {
    const body = JSON.stringify({
      ...{ FunctionName: name, Namespace: namespace, InvocationType: 'Event' },
      ClientContext: JSON.stringify(event),
    });
    const call = { method: 'POST', rawPath: '/', rawQuery: '', headers: SIGNED, body };
    const credentials = keys();
    const timestampSeconds = Math.floor(now() / 1000);
    const headers = {
      ...SIGNED,
      'content-length': String(Buffer.byteLength(body)),
      'x-tc-action': 'Invoke',
      'x-tc-version': '2018-04-16',
      'x-tc-region': region,
      'x-tc-timestamp': String(timestampSeconds),
      ...(credentials.token ? { 'x-tc-token': credentials.token } : {}),
      authorization: tc3Authorization(call, credentials, { service: 'scf', timestampSeconds }),
    };
    const sent = { method: 'POST', host: HOST, target: '/', headers, body };
    const heard = await exchange({ ...sent, timeoutMs, maxBytes: MOST_BYTES });
    if (heard.got !== 'answer') throw unreachable(name, heard.because);
    mustHaveBegun(name, heard.answer);
  };
}

/** Refusals come with status 200 as well. */
function mustHaveBegun(name: string, { status, body }: Answer): void {
  const response = objectIn(jsonIn(body), 'Response');
  const error = objectIn(response, 'Error');
  const code = textIn(error, 'Code');
  if (code === undefined) {
    if (textIn(response, 'RequestId') !== undefined) return;
    throw unreachable(name, `status ${status}`);
  }
  const denied = /UnauthorizedOperation/.test(code);
  const said = redacted(textIn(error, 'Message') ?? '').slice(0, LONGEST_MESSAGE);
  throw new Fault(
    denied ? 'ACCOUNT_DENIED' : 'ACCOUNT_UNREACHABLE',
    `Invoking ${name} was answered ${code.slice(0, 60)}: ${said}`,
  );
}

function jsonIn(body: Buffer): JsonObject {
  try {
    const value = readJson(body);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

function unreachable(name: string, because: string): Fault {
  return new Fault('ACCOUNT_UNREACHABLE', `Invoking ${name} was not answered: ${because}`);
}
