import type { IncomingMessage, ServerResponse } from 'node:http';
import { API_SERVER, answerApi } from '../api/answer-api.ts';
import type { ApiService } from '../api/api-action.ts';
import { answerCi } from '../ci/answer-ci.ts';
import { meansJobs } from '../ci/on-cos-host.ts';
import { answerAccount, answerBucket, type Handled, type Strike } from '../cos/answer-cos.ts';
import type { CosService } from '../cos/exchange.ts';
import { answerFunction } from '../scf/answer-function.ts';
import { type Address, type AddressBook, addressOf } from '../server/address.ts';
import type { Answer } from '../server/answer.ts';
import { FAULT_BUCKET, type Faults } from '../server/faults.ts';
import { httpDate } from '../server/http-date.ts';
import type { Incoming } from '../server/incoming.ts';
import { incomingOf } from '../server/incoming-of.ts';
import type { RequestLog } from '../server/request-log.ts';
import { send } from '../server/send.ts';
import { type SpokenAnswer, spokenAnswer } from '../server/spoken-fault.ts';
import { FAULT_HEADER, faultInHeader } from './fault-effects.ts';
import { loggedRequest } from './logged-request.ts';

export interface ResponderOptions {
  readonly service: CosService;
  readonly jobs: Parameters<typeof answerCi>[0];
  readonly api: ApiService;
  readonly book: AddressBook;
  readonly faults: Faults;
  readonly requests: RequestLog;
  admin(incoming: Incoming): Promise<Answer>;
}

/** Takes each request to whoever answers it, and writes the answer and the log. */
export function responder({ service, jobs, api, book, faults, requests, admin }: ResponderOptions) {
  const strike: Strike = (target) => faults.strike(target);
  const strikeFor = ({ headers }: Incoming): Strike => {
    const asked = headers[FAULT_HEADER];
    return asked === undefined ? strike : () => faultInHeader(asked);
  };

  /** Some clients take jobs to the host of objects. */
  function isForJobs(incoming: Incoming, { service: named, bucket, rawPath }: BucketAddress) {
    const isObject = (key: string) => service.storage.objects.head(bucket, key) !== undefined;
    return named === 'ci' || meansJobs(incoming, rawPath, isObject);
  }

  /** The answer, or how the client is left without one. */
  function handle(incoming: Incoming, address: Address): MaybeLater<Handled | Silence> {
    switch (address.on) {
      case 'bucket': {
        const spoken = address.bucket === FAULT_BUCKET ? spokenAnswer(incoming) : undefined;
        if (spoken) return typeof spoken === 'string' ? spoken : elsewhere('Spoken', spoken);
        if (isForJobs(incoming, address)) {
          return answerCi(jobs, incoming, address, strikeFor(incoming));
        }
        return answerBucket(service, incoming, address, strikeFor(incoming));
      }
      case 'account':
        return address.service === 'ci'
          ? answerCi(jobs, incoming, address, strikeFor(incoming))
          : answerAccount(service, incoming, address, strikeFor(incoming));
      case 'api':
        return answerApi(api, incoming, address.service, strikeFor(incoming));
      case 'function':
        return answerFunction(api, incoming, address, strikeFor(incoming));
      case 'admin':
        return admin(incoming).then((answer) => elsewhere('Admin', answer));
      default:
        return elsewhere('Nowhere', nowhere(address.host));
    }
  }

  return async (request: IncomingMessage, response: ServerResponse, continueFirst: boolean) => {
    const started = performance.now();
    const incoming = incomingOf(request, response, service.now(), continueFirst);
    const { method, rawPath, rawQuery } = incoming;
    const host = incoming.headers['host'] ?? '';
    const address = addressOf({ method, host, rawPath, rawQuery }, book);
    const handled = await handle(incoming, address);
    if (handled === 'shutdown') response.socket?.destroy();
    if (typeof handled === 'string') return;
    const answer = { ...handled.answer, headers: withUsual(handled, incoming) };
    const sending = send(answer, handled.effect, response);
    // Whoever reads the log through the admin API does not want to read of that.
    if (address.on !== 'admin') {
      requests.add(loggedRequest(handled, incoming, performance.now() - started));
    }
    await sending;
  };
}

type MaybeLater<T> = T | Promise<T>;
type Silence = Exclude<SpokenAnswer, Answer>;
type BucketAddress = Extract<Address, { on: 'bucket' }>;

function elsewhere(operation: string, answer: Answer): Handled {
  return {
    answer,
    operation,
    bucket: undefined,
    key: undefined,
    caller: { is: 'anonymous' },
    error: undefined,
    effect: undefined,
  };
}

function nowhere(host: string): Answer {
  return {
    status: 502,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: `The Darkroom engine does not have the host ${host}, and nothing leaves this machine.\n`,
  };
}

/** What every answer carries; job hosts and account APIs have ids of their own, and the faults' own bucket none. */
function withUsual({ answer, operation }: Handled, { id, at }: Incoming): Answer['headers'] {
  const { headers } = answer;
  const date = httpDate(at);
  const hasOwnId = 'x-ci-request-id' in headers || headers.Server === API_SERVER;
  return operation === 'Spoken' || hasOwnId
    ? { Server: 'tencent-cos', ...headers, Date: date }
    : { Server: 'tencent-cos', ...headers, Date: date, 'x-cos-request-id': id };
}
