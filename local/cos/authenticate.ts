import { timingSafeEqual } from 'node:crypto';
import { explain } from '../../shared/wire/signature-explain.ts';
import { type ClaimedSignature, readSignature } from '../../shared/wire/signature-read.ts';
import { verify } from '../../shared/wire/signature-verify.ts';
import { ANONYMOUS, type Caller } from '../cam/caller.ts';
import type { Identities, KeyPair, KnownKey } from '../cam/identities.ts';
import type { Incoming } from '../server/incoming.ts';
import { CosError } from './errors.ts';

/** Who signed a request, and what of it they signed. */
export interface Authenticated {
  readonly caller: Caller;
  /** Names in lower case, as they stand in the lists of the signature. */
  readonly signedHeaders: readonly string[];
  readonly signedParameters: readonly string[];
}

/** What a client may have signed that a request does not say. */
export interface Signable {
  /** The likeliest first. */
  readonly paths: readonly string[];
  /** Other names of what was asked. Looked up only where a signature is wrong. */
  hosts(): readonly string[];
}

const NOBODY: Authenticated = { caller: ANONYMOUS, signedHeaders: [], signedParameters: [] };

/** The header that goes on where the service's answer ends: what made the signature differ. */
export const DIFFERENCE_HEADER = 'x-darkroom-difference';

/** The caller of a request as it was sent. A request that claims a signature must have a right one. */
export function authenticate(
  incoming: Incoming,
  signable: Signable,
  identities: Identities,
  now: number,
): Authenticated {
  const [rawPath = incoming.rawPath, ...otherPaths] = signable.paths;
  const request = {
    method: incoming.method,
    rawPath,
    rawQuery: incoming.rawQuery,
    headers: incoming.headers,
    otherPaths,
  };
  const claimed = readSignature(request);
  if (!claimed) return NOBODY;
  refuseLongLists(claimed);
  const key = identities.find(claimed.secretId);
  if (!key) throw new CosError('InvalidAccessKeyId');
  checkToken(key, claimed.token, now);

  const verdict = verify(request, claimed, key.secretKey, now);
  switch (verdict.status) {
    case 'ok':
      return {
        caller: key.caller,
        signedHeaders: verdict.headers,
        signedParameters: verdict.parameters,
      };
    case 'expired':
      // Clients correct their clock when they hear this, by the Date of the answer.
      throw new CosError('AccessDenied', { message: 'Request has expired' });
    case 'not-yet':
      throw new CosError('RequestTimeTooSkewed');
    case 'mismatch': {
      const hints = { nowMs: now, otherKeys: otherKeys(identities), hosts: signable.hosts() };
      throw new CosError('SignatureDoesNotMatch', {
        elements: { stringToSign: verdict.stringToSign, formatString: verdict.formatString },
        headers: {
          [DIFFERENCE_HEADER]: headerText(explain(request, claimed, key.secretKey, hints)),
        },
      });
    }
  }
}

/** Trying more would take long, and would leave no time for other mistakes. */
const MOST_OTHER_KEYS = 8;

/** Keys a client may have mixed up with its own. */
function otherKeys(identities: Identities): readonly KeyPair[] {
  const keys = identities.users().flatMap((user) => user.keys);
  return [identities.owner, ...keys.slice(-MOST_OTHER_KEYS)];
}

/** Far more names than any request has: comparing them all would keep others waiting. */
const MAX_LIST_LENGTH = 4096;

function refuseLongLists({ headerList, parameterList }: ClaimedSignature): void {
  if (headerList.length <= MAX_LIST_LENGTH && parameterList.length <= MAX_LIST_LENGTH) return;
  throw new CosError('AccessDenied', {
    message: `A list of what is signed is longer than ${MAX_LIST_LENGTH}.`,
  });
}

export function checkToken(key: KnownKey, token: string | undefined, now: number): void {
  if (key.token === undefined) return;
  if (token === undefined || !sameText(token, key.token)) {
    throw new CosError('InvalidAccessKeyId', {
      message: token
        ? 'The token does not belong to this temporary key.'
        : 'A temporary key comes with its token in x-cos-security-token.',
    });
  }
  if (key.expires !== undefined && key.expires <= now) throw new CosError('ExpiredToken');
}

function sameText(one: string, other: string): boolean {
  const bytes = Buffer.from(one);
  const otherBytes = Buffer.from(other);
  return bytes.length === otherBytes.length && timingSafeEqual(bytes, otherBytes);
}

/** A header holds one line of ASCII; what else a text has is escaped as in JSON. */
export function headerText(text: string): string {
  return text.replace(
    /[^\u0020-\u007e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
