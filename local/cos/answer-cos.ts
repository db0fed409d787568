import { setTimeout } from 'node:timers/promises';
import { Fault } from '../../shared/core/fault.ts';
import { decodePath } from '../../shared/wire/percent.ts';
import { ANONYMOUS, type Caller } from '../cam/caller.ts';
import type { Address } from '../server/address.ts';
import type { Answer } from '../server/answer.ts';
import type { FaultEffect, FaultTarget } from '../server/faults.ts';
import type { Incoming } from '../server/incoming.ts';
import { authenticate } from './authenticate.ts';
import { mustBeAllowed, mustBeAllowedService } from './authorise.ts';
import { hostOf, listBuckets, regionOf } from './bucket.ts';
import { checkKey } from './check-key.ts';
import { corsHeaders, preflight } from './cors.ts';
import { errorAnswer, toCosError } from './error-answer.ts';
import { COS_ERROR_CODES, CosError, type CosErrorCode } from './errors.ts';
import type { CosOperation, CosService, Exchange } from './exchange.ts';
import { operationFor } from './operations.ts';
import { Query } from './query.ts';
import { checkStrictSignature } from './strict-signature.ts';

/** What a request was refused with, on whichever host. */
interface ServiceError {
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What became of a request, for whoever writes the answer and the log. */
export interface Handled {
  readonly answer: Answer;
  readonly operation: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly caller: Caller;
  readonly error: ServiceError | undefined;
  /** A fault that has to show in how the answer is sent. */
  readonly effect: FaultEffect | undefined;
}

/** Asked once the operation is known: what shall go wrong with it, if anything. */
export type Strike = (target: FaultTarget) => FaultEffect | undefined;

type BucketAddress = Extract<Address, { on: 'bucket' }>;
type AccountAddress = Extract<Address, { on: 'account' }>;

/** A request for a bucket or an object: found, authenticated, allowed, carried out. */
export async function answerBucket(
  service: CosService,
  incoming: Incoming,
  address: BucketAddress,
  strike: Strike,
): Promise<Handled> {
  const { bucket } = address;
  let operation: CosOperation | undefined;
  let caller: Caller = ANONYMOUS;
  let key: string | undefined;
  let effect: FaultEffect | undefined;
  const handled = (answer: Answer, error?: CosError): Handled => ({
    answer: withCors(answer, service, bucket, incoming),
    operation: operation?.name ?? (incoming.method === 'OPTIONS' ? 'OptionsObject' : 'Unknown'),
    bucket,
    key,
    caller,
    error,
    effect,
  });

  try {
    key = keyOf(address.rawPath);
    if (incoming.method === 'OPTIONS') {
      if (!service.storage.buckets.get(bucket)) throw new CosError('NoSuchBucket');
      return {
        ...handled({ status: 200, headers: {} }),
        answer: preflight(service, bucket, incoming),
      };
    }
    const query = new Query(incoming.rawQuery);
    operation = operationFor(
      incoming.method,
      key === '' ? 'bucket' : 'object',
      query,
      incoming.headers,
    );
    mustSayLength(incoming);
    mustMeanTheOnlyVersion(query.get('versionId'));
    effect = strike({ operation: operation.name, bucket, key });
    if (effect) await beforehand(effect);
    const signable = {
      paths: address.signedPaths,
      hosts: () => [hostOf(bucket, regionOf(service, bucket))],
    };
    const signed = authenticate(incoming, signable, service.identities, service.now());
    caller = signed.caller;
    const region = regionFor(service, operation, address);
    checkStrictSignature(service, bucket, operation.name, signed, incoming, query);

    const exchange: Exchange & { caller: Caller } = {
      service,
      incoming,
      query,
      caller,
      host: incoming.headers['host'] ?? '',
      bucket,
      region,
      key,
      // A form says who it is from only when it is read.
      isFrom(somebody) {
        caller = somebody;
        exchange.caller = somebody;
      },
      mustBeAllowed(action, otherKey, otherBucket = bucket) {
        const otherRegion = otherBucket === bucket ? region : regionOf(service, otherBucket);
        const place = { bucket: otherBucket, region: otherRegion, key: otherKey };
        mustBeAllowed({ service, incoming, query, caller }, action, place);
      },
    };
    if (!operation.asksItself && caller.is !== 'owner')
      exchange.mustBeAllowed(operation.action, key);
    return handled(await operation.run(exchange));
  } catch (thrown) {
    const error = errorOf(thrown);
    return handled(errorAnswer(error, incoming, resourceOf(error, incoming)), error);
  }
}

/** GET Service, which names no bucket. */
export async function answerAccount(
  service: CosService,
  incoming: Incoming,
  { region }: AccountAddress,
  strike: Strike,
): Promise<Handled> {
  const about = { operation: 'GetService', bucket: undefined, key: undefined };
  let caller: Caller = ANONYMOUS;
  let effect: FaultEffect | undefined;
  try {
    if (incoming.method !== 'GET' || incoming.rawPath !== '/') {
      throw new CosError('InvalidURI', {
        message: 'Neither the host nor the path names a bucket.',
      });
    }
    effect = strike(about);
    if (effect) await beforehand(effect);
    const query = new Query(incoming.rawQuery);
    const signable = { paths: ['/'], hosts: () => ['service.cos.myqcloud.com'] };
    caller = authenticate(incoming, signable, service.identities, service.now()).caller;
    mustBeAllowedService({ service, incoming, query, caller });
    const answer = listBuckets(service, query, region);
    return { answer, ...about, caller, error: undefined, effect };
  } catch (thrown) {
    const error = errorOf(thrown);
    const answer = errorAnswer(error, incoming, resourceOf(error, incoming));
    return { answer, ...about, caller, error, effect };
  }
}

/** Without a length and without chunks nobody could tell an empty body from one that got lost. */
function mustSayLength({ method, headers }: Incoming): void {
  if (method !== 'PUT' && method !== 'POST') return;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new CosError('MissingContentLength');
  }
}

/** There are no versions here, and the one there is, is what the service calls `null`. */
function mustMeanTheOnlyVersion(versionId: string | undefined): void {
  if (versionId && versionId !== 'null') throw new CosError('NoSuchVersion');
}

/** Most requests are not from a page of another origin. */
function withCors(answer: Answer, service: CosService, bucket: string, incoming: Incoming): Answer {
  if (!incoming.headers['origin']) return answer;
  return { ...answer, headers: { ...answer.headers, ...corsHeaders(service, bucket, incoming) } };
}

/** Where the bucket is. A host of another region than the bucket's is the host of no bucket. */
function regionFor(service: CosService, operation: CosOperation, address: BucketAddress): string {
  const { bucket } = address;
  if (!service.storage.buckets.get(bucket)) {
    if (operation.withoutBucket) return address.region ?? service.region;
    throw new CosError('NoSuchBucket');
  }
  const region = regionOf(service, bucket);
  if (address.region === undefined || address.region === region) return region;
  throw new CosError('NoSuchBucket', {
    message: `The specified bucket does not exist in ${address.region}; it is in ${region}.`,
  });
}

function keyOf(rawPath: string): string {
  const key = decodePath(rawPath).slice(1);
  checkKey(key);
  return key;
}

/** Faults that come before the operation, which then never runs. */
async function beforehand(effect: FaultEffect): Promise<void> {
  switch (effect.effect) {
    case 'slow':
      await setTimeout(effect.ms, undefined, { ref: false });
      return;
    case 'status':
      throw injected(effect.code, effect.status);
    case 'throttle':
      throw new CosError('SlowDown', {
        headers: { 'Retry-After': String(effect.retryAfterSeconds ?? 1) },
      });
    case 'reset':
      throw new CosError('InternalError', { message: 'The connection is reset on demand.' });
    default:
      return;
  }
}

const BY_STATUS: Readonly<Record<number, CosErrorCode>> = {
  400: 'InvalidRequest',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  409: 'PathConflict',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

function injected(code: string | undefined, status: number): CosError {
  const known = COS_ERROR_CODES.find((each) => each === code) ?? BY_STATUS[status];
  return new CosError(known ?? 'InternalError', { message: 'A fault on demand.', status });
}

function errorOf(thrown: unknown): CosError {
  if (thrown instanceof CosError) return thrown;
  if (thrown instanceof Fault) return toCosError(thrown);
  const error = new CosError('InternalError');
  error.cause = thrown;
  return error;
}

/** Host and path, but for refused signatures, which name the path alone. */
function resourceOf({ code }: CosError, { rawPath, headers }: Incoming): string {
  return code === 'SignatureDoesNotMatch' ? rawPath : `${headers['host'] ?? ''}${rawPath}`;
}
