import { setTimeout } from 'node:timers/promises';
import { roleResource } from '../cam/account.ts';
import { ANONYMOUS, type Caller } from '../cam/caller.ts';
import type { Handled, Strike } from '../cos/answer-cos.ts';
import { authenticate, type Signable } from '../cos/authenticate.ts';
import { denied, factsOf, refusalOfAll } from '../cos/authorise.ts';
import { regionOf } from '../cos/bucket.ts';
import { corsHeaders, preflight } from '../cos/cors.ts';
import { Query } from '../cos/query.ts';
import type { Address } from '../server/address.ts';
import type { Answer } from '../server/answer.ts';
import type { FaultEffect } from '../server/faults.ts';
import type { Incoming } from '../server/incoming.ts';
import { ciErrorAnswer, signatureError, toCiError } from './ci-answer.ts';
import { CI_ERROR_CODES, CiError, type CiErrorCode } from './ci-error.ts';
import type { AccountExchange, CiExchange, JobService } from './ci-exchange.ts';
import {
  type FoundOperation,
  findAccountOperation,
  findCiOperation,
  nothingFound,
} from './ci-operations.ts';
import { CI_ROLE } from './jobs/as-ci-role.ts';

type CiAddress = Extract<Address, { on: 'bucket' | 'account' }>;

/** A request for jobs: found, authenticated, and carried out, which says what it has to be allowed. */
export async function answerCi(
  service: JobService,
  incoming: Incoming,
  address: CiAddress,
  strike: Strike,
): Promise<Handled> {
  const bucket = address.on === 'bucket' ? address.bucket : undefined;
  let name = incoming.method === 'OPTIONS' ? 'OptionsObject' : 'Unknown';
  let caller: Caller = ANONYMOUS;
  let effect: FaultEffect | undefined;
  const handled = (answer: Answer, error?: CiError): Handled => ({
    answer: asCi(service, incoming, address, answer),
    ...{ operation: name, bucket, key: undefined, caller, error, effect },
  });

  try {
    if (incoming.method === 'OPTIONS' && bucket !== undefined) {
      if (!service.storage.buckets.get(bucket)) throw new CiError('NoSuchBucket');
      return handled(preflight(service, bucket, incoming));
    }
    const rawPath = address.on === 'bucket' ? address.rawPath : incoming.rawPath;
    const query = new Query(incoming.rawQuery);
    const found =
      address.on === 'bucket' ? findCiOperation(incoming.method, rawPath, query) : undefined;
    const list = found ? undefined : findAccountOperation(incoming.method, rawPath);
    name = (found?.operation ?? list)?.name ?? name;
    effect = strike({ operation: name, bucket, key: undefined });
    await beforehand(effect);
    caller = signedBy(service, incoming, {
      paths: address.on === 'bucket' ? address.signedPaths : [rawPath],
      hosts: () => (bucket === undefined ? [] : [ciHostOf(bucket, regionOf(service, bucket))]),
    });

    const region = regionFor(service, address);
    const request = { service, incoming, query, caller };
    if (list) {
      // What is about no bucket has no resource of its own.
      mustBeAllowed(request, list.actions, '*');
      return handled(await list.run({ ...request, region: address.region }));
    }
    if (!found || bucket === undefined) throw nothingFound(incoming.method, rawPath);
    const exchange = bucketExchange(request, bucket, region, found);
    exchange.mustBeAllowed(found.operation.actions);
    return handled(await found.operation.run(exchange));
  } catch (thrown) {
    const error = toCiError(thrown);
    return handled(ciErrorAnswer(error, incoming), error);
  }
}

type Request = Omit<AccountExchange, 'region'>;

function bucketExchange(
  request: Request,
  bucket: string,
  region: string,
  { path, rest }: FoundOperation,
): CiExchange {
  const { service } = request;
  const { appid } = service;
  return {
    ...{ ...request, bucket, region, path, rest },
    mustBeAllowed(actions) {
      mustBeAllowed(request, actions, `qcs::ci:${region}:uid/${appid}:bucket/${bucket}/*`);
    },
    mustPassRole() {
      mustBeAllowed(request, ['cam:PassRole'], roleResource(appid, CI_ROLE));
    },
  };
}

/** One of the actions is enough; the first is named when none is allowed. */
function mustBeAllowed(
  { service, incoming, query, caller }: Request,
  actions: readonly string[],
  resource: string,
): void {
  const facts = factsOf(incoming, query);
  const wishes = actions.map((action) => ({ action, resource, facts }));
  const because = refusalOfAll(caller, wishes, service.appid);
  const [first] = actions;
  if (first === undefined || because === undefined) return;
  const { message, headers } = denied(first, resource, because);
  throw new CiError('AccessDenied', { message, headers });
}

function signedBy({ identities, now }: JobService, incoming: Incoming, signable: Signable): Caller {
  try {
    const { caller } = authenticate(incoming, signable, identities, now());
    if (caller.is === 'anonymous') throw new CiError('MissingAuthorization');
    return caller;
  } catch (thrown) {
    throw signatureError(thrown);
  }
}

function ciHostOf(bucket: string, region: string): string {
  return `${bucket}.ci.${region}.myqcloud.com`;
}

/** Where the bucket is. A host of another region than the bucket's is the host of no bucket. */
function regionFor(service: JobService, address: CiAddress): string {
  if (address.on === 'account') return address.region ?? service.region;
  const { bucket } = address;
  if (!service.storage.buckets.get(bucket)) throw new CiError('NoSuchBucket');
  const region = regionOf(service, bucket);
  if (address.region === undefined || address.region === region) return region;
  throw new CiError('NoSuchBucket', {
    message: `The specified bucket does not exist in ${address.region}; it is in ${region}.`,
  });
}

/** What every answer about jobs carries, also on the host of objects, whose own id it then has too. */
function asCi(
  service: JobService,
  incoming: Incoming,
  address: CiAddress,
  { headers, ...answer }: Answer,
): Answer {
  const cors = address.on === 'bucket' ? corsHeaders(service, address.bucket, incoming) : {};
  return {
    ...answer,
    headers: {
      Server: 'tencent-ci',
      'x-ci-request-id': incoming.id,
      ...(address.service === 'cos' && { 'x-cos-request-id': incoming.id }),
      'x-darkroom-engine': service.ci.operations.name,
      ...headers,
      ...cors,
    },
  };
}

/** Faults that come before the operation, which then never runs. */
async function beforehand(effect: FaultEffect | undefined): Promise<void> {
  switch (effect?.effect) {
    case 'slow':
      await setTimeout(effect.ms, undefined, { ref: false });
      return;
    case 'status':
      throw injected(effect.code, effect.status);
    case 'throttle': {
      const seconds = String(effect.retryAfterSeconds ?? 1);
      throw new CiError('SlowDown', { headers: { 'Retry-After': seconds } });
    }
    case 'reset':
      throw new CiError('InternalError', { message: 'The connection is reset on demand.' });
    default:
      return;
  }
}

const BY_STATUS: Readonly<Record<number, CiErrorCode>> = {
  400: 'InvalidArgument',
  401: 'InvalidAuthorization',
  403: 'AccessDenied',
  404: 'InvalidUrl',
  429: 'SlowDown',
  503: 'ServiceUnavailable',
};

function injected(code: string | undefined, status: number): CiError {
  const known = CI_ERROR_CODES.find((each) => each === code) ?? BY_STATUS[status];
  return new CiError(known ?? 'InternalError', { message: 'A fault on demand.', status });
}
