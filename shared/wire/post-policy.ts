import { hash, timingSafeEqual } from 'node:crypto';
import { Fault } from '../core/fault.ts';
import { type PostPolicy, readPostPolicy } from './post-policy-document.ts';
import type { Credentials, TimeWindow } from './signature.ts';
import { signatureOf } from './signature-hash.ts';

// The signature of form uploads (POST Object): a policy says what the form may hold, and the form
// carries the policy and its signature.

/** The fields that belong into a form, before its file. `policy` is the JSON text as it will be sent. */
export function postPolicyFields(
  policy: string,
  { secretId, secretKey, token }: Credentials,
  { fromSeconds, untilSeconds }: TimeWindow,
): Record<string, string> {
  const keyTime = `${fromSeconds};${untilSeconds}`;
  return {
    policy: Buffer.from(policy).toString('base64'),
    'q-sign-algorithm': 'sha1',
    'q-ak': secretId,
    'q-key-time': keyTime,
    'q-signature': signatureOf(hash('sha1', policy), keyTime, secretKey),
    ...(token ? { 'x-cos-security-token': token } : {}),
  };
}

/** A form as it came. */
export interface PostForm {
  /** All fields before the file, their names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  /** From the address: no field names it. */
  readonly bucket: string;
  /** With `${filename}` already replaced. */
  readonly key: string;
}

/** What a form says it is signed with. Nothing of it is proven yet. */
export interface ClaimedPostPolicy {
  readonly secretId: string;
  readonly keyTime: string;
  readonly untilSeconds: number;
  /** Base64, as sent. */
  readonly policy: string;
  readonly signature: string;
  readonly token: string | undefined;
}

export type PostVerdict =
  /** The size of the file is still to be compared with the policy, see `sizeVerdict`. */
  | { readonly status: 'ok'; readonly policy: PostPolicy }
  | { readonly status: 'mismatch'; readonly stringToSign: string }
  | { readonly status: 'invalid-policy'; readonly because: string }
  | { readonly status: 'expired'; readonly expiration: string }
  | { readonly status: 'refused'; readonly field: string; readonly value: string };

/** The signature a form claims to have, or `undefined` when it is anonymous. */
export function readPostSignature(fields: PostForm['fields']): ClaimedPostPolicy | undefined {
  if (!fields.has('policy') && !fields.has('q-signature')) return undefined;
  const field = (name: string) => {
    const value = fields.get(name);
    if (value) return value;
    throw new Fault('SIGNATURE_UNREADABLE', `A form has no field ${name}`, {
      hint: 'A signed form has policy, q-sign-algorithm, q-ak, q-key-time and q-signature.',
    });
  };
  const algorithm = field('q-sign-algorithm');
  const keyTime = field('q-key-time');
  const [, until] = /^\d{1,15};(\d{1,15})$/.exec(keyTime) ?? [];
  if (algorithm !== 'sha1') {
    const given = JSON.stringify(algorithm.slice(0, 100));
    throw new Fault('SIGNATURE_UNREADABLE', `A form has the q-sign-algorithm ${given}`, {
      hint: 'There is only sha1.',
    });
  }
  if (until === undefined) {
    const given = JSON.stringify(keyTime.slice(0, 100));
    throw new Fault('SIGNATURE_UNREADABLE', `A form has the q-key-time ${given}`, {
      hint: 'It is two times in seconds with a semicolon between them: 1700000000;1700003600.',
    });
  }
  return {
    secretId: field('q-ak'),
    keyTime,
    untilSeconds: Number(until),
    policy: field('policy'),
    signature: field('q-signature'),
    token: fields.get('x-cos-security-token') || undefined,
  };
}

/** Whether a form was signed with this key, and holds what its policy allows. */
export function verifyPostPolicy(
  form: PostForm,
  claimed: ClaimedPostPolicy,
  secretKey: string,
  nowMs: number,
): PostVerdict {
  const stringToSign = hash('sha1', Buffer.from(claimed.policy, 'base64'));
  const right = Buffer.from(signatureOf(stringToSign, claimed.keyTime, secretKey));
  const given = Buffer.from(claimed.signature);
  if (right.length !== given.length || !timingSafeEqual(right, given)) {
    return { status: 'mismatch', stringToSign };
  }

  const policy = readPostPolicy(claimed.policy);
  if (typeof policy === 'string') return { status: 'invalid-policy', because: policy };
  if (nowMs > policy.expiresMs) return { status: 'expired', expiration: policy.expiration };
  if (Math.floor(nowMs / 1000) > claimed.untilSeconds) {
    const expiration = new Date(claimed.untilSeconds * 1000).toISOString();
    return { status: 'expired', expiration };
  }
  for (const { match, field, value } of policy.conditions) {
    const sent = fieldOf(form, field);
    const holds = match === 'eq' ? sent === value : sent?.startsWith(value);
    if (!holds) return { status: 'refused', field, value: sent ?? '' };
  }
  return { status: 'ok', policy };
}

/** Whether a file has a size its policy allows. */
export function sizeVerdict(
  { minBytes, maxBytes }: PostPolicy,
  bytes: number,
): 'ok' | 'too-small' | 'too-large' {
  if (bytes < minBytes) return 'too-small';
  return bytes > maxBytes ? 'too-large' : 'ok';
}

/** What a condition is compared with; `undefined` when the form does not have it. */
function fieldOf({ fields, bucket, key }: PostForm, name: string): string | undefined {
  const field = name.toLowerCase();
  if (field === 'bucket') return bucket;
  if (field === 'key') return key;
  // The policy calls the times of the key q-sign-time, the form q-key-time.
  return fields.get(field) ?? (field === 'q-sign-time' ? fields.get('q-key-time') : undefined);
}
