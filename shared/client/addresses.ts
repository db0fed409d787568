import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { ObjectRef } from '../core/object-ref.ts';
import type { Call } from '../operations/call.ts';
import { fillCall } from '../operations/fill-call.ts';
import type { Step } from '../plan/plan.ts';
import type { Addresses } from '../run/ports.ts';
import { writePicOperations } from '../wire/pic-operations.ts';
import { type Credentials, presign, type Unsigned } from '../wire/signature.ts';
import { cosHost } from './hosts.ts';

export interface AddressTerms {
  readonly keys: () => Credentials;
  readonly now: Clock;
  /** An engine that stands for the service, also to those who are given an address. */
  readonly endpoint?: string;
}

type At = Pick<ObjectRef, 'bucket' | 'region'>;

/** A signature counts from a little before, for the clock of whoever checks it. */
const EARLIER_SECONDS = 60;
/** An answer is waited for. */
const LENT_TO_PICTURES_SECONDS = 1800;
/** A job may wait in its queue. */
const LENT_TO_JOBS_SECONDS = 6 * 3600;

/** Addresses for whoever asked: of the engine, where one stands for the service. */
export function openAddresses({ keys, now, endpoint }: AddressTerms): Addresses {
  const sign = (at: At, request: Unsigned, seconds: number) => {
    const window = windowOf(now(), seconds);
    if (endpoint === undefined) return signedAddress(at, request, keys(), window);
    // No browser knows the service's names here, so the bucket is in the path and no host is signed.
    return presign(`${endpoint}/${at.bucket}`, request, keys(), window);
  };
  return {
    toRead: (object, seconds) => sign(object, { method: 'GET', path: `/${object.key}` }, seconds),

    toRender(source, call, seconds) {
      const query = new Map(lent(call, { keys, now }).query);
      if ('pictureUrl' in source) query.set('detect-url', source.pictureUrl);
      const path = 'pictureUrl' in source ? '/' : `/${source.key}`;
      return sign(source, { method: 'GET', path, query: Object.fromEntries(query) }, seconds);
    },

    toUpload(object, steps, given, seconds) {
      const rules = steps.length > 0 && {
        'pic-operations': picOperationsFor(object, steps, { keys, now }),
      };
      const headers = { ...given, ...rules };
      const request = { method: 'PUT', path: `/${object.key}`, headers };
      return { url: sign(object, request, seconds), headers };
    },
  };
}

/** The header by which a source is processed: each step a rule, each rule with its own target. */
export function picOperationsFor(
  source: ObjectRef,
  steps: readonly Pick<Step, 'call' | 'target'>[],
  terms: Pick<AddressTerms, 'keys' | 'now'>,
): string {
  return writePicOperations({
    wantsInfo: true,
    rules: steps.map(({ call, target }) => {
      if (call.via !== 'pic-operations') {
        throw new Fault('PARAMETER_INVALID', `A job is no rule of a request for ${source.key}`);
      }
      return {
        ...(target.bucket !== source.bucket && { bucket: target.bucket }),
        fileid: `/${target.key}`,
        rule: lent(call, terms).rule,
      };
    }),
  });
}

/**
 * The call as it is sent: with an address for each object that it borrows. The service fetches it by
 * its own names, also where an engine is the service.
 */
export function lent<C extends Call>(
  call: C,
  { keys, now }: Pick<AddressTerms, 'keys' | 'now'>,
): C {
  if (call.borrows.length === 0) return call;
  const window = windowOf(
    now(),
    call.via === 'job' ? LENT_TO_JOBS_SECONDS : LENT_TO_PICTURES_SECONDS,
  );
  const addresses = call.borrows.map(({ name, object }) => {
    const request = { method: 'GET', path: `/${object.key}` };
    return [name, signedAddress(object, request, keys(), window)] as const;
  });
  return fillCall(call, Object.fromEntries(addresses));
}

function signedAddress(
  at: At,
  request: Unsigned,
  keys: Credentials,
  window: ReturnType<typeof windowOf>,
): string {
  const host = cosHost(at);
  const headers = { ...request.headers, host };
  return presign(`https://${host}`, { ...request, headers }, keys, window);
}

function windowOf(now: number, seconds: number) {
  const from = Math.floor(now / 1000);
  return { fromSeconds: from - EARLIER_SECONDS, untilSeconds: from + seconds };
}
