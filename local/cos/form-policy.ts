import {
  type PostVerdict,
  readPostSignature,
  verifyPostPolicy,
} from '../../shared/wire/post-policy.ts';
import type { Caller } from '../cam/caller.ts';
import { checkToken } from './authenticate.ts';
import { mustBeAllowed } from './authorise.ts';
import { CosError } from './errors.ts';
import type { Exchange } from './exchange.ts';

/** How large a form's file may be, where its policy says so. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

/** Refuses a form that is not signed, not allowed, or does not hold what its policy demands. */
export function authenticateForm(
  exchange: Exchange,
  fields: ReadonlyMap<string, string>,
  key: string,
): SizeRange | undefined {
  const { service, bucket, region } = exchange;
  const claimed = readPostSignature(fields);
  let caller: Caller = exchange.caller;
  let range: SizeRange | undefined;
  if (claimed) {
    const known = service.identities.find(claimed.secretId);
    if (!known) throw new CosError('InvalidAccessKeyId');
    checkToken(known, claimed.token, service.now());
    const form = { fields, bucket, key };
    const verdict = verifyPostPolicy(form, claimed, known.secretKey, service.now());
    if (verdict.status !== 'ok') throw refusalOf(verdict, service.now());
    range = { min: verdict.policy.minBytes, max: verdict.policy.maxBytes };
    caller = known.caller;
    exchange.isFrom(caller);
  }
  mustBeAllowed({ ...exchange, caller }, 'cos:PostObject', { bucket, region, key });
  return range;
}

function refusalOf(verdict: Exclude<PostVerdict, { status: 'ok' }>, now: number): CosError {
  switch (verdict.status) {
    case 'mismatch':
      return new CosError('SignatureDoesNotMatch', {
        elements: { stringToSign: verdict.stringToSign },
      });
    case 'invalid-policy':
      return new CosError('InvalidPolicyDocument', { message: verdict.because });
    case 'expired':
      return new CosError('AccessDenied', {
        message: `You post object request has been expired, expiration time: ${verdict.expiration} but the time now : ${new Date(now).toISOString()}`,
      });
    case 'refused':
      return new CosError('AccessDenied', {
        message: `Condition key ${verdict.field} doesn't match the value ${verdict.value}`,
      });
  }
}
