import { timingSafeEqual } from 'node:crypto';
import { Fault } from '../../shared/core/fault.ts';
import {
  type ClaimedTc3,
  readTc3,
  type Tc3Call,
  type Tc3Verdict,
  verifyTc3,
} from '../../shared/wire/tc3.ts';
import type { Caller } from '../cam/caller.ts';
import type { Identities, KnownKey } from '../cam/identities.ts';
import { headerText } from '../cos/authenticate.ts';
import { ApiError } from './api-error.ts';

/** What made a signature differ, for whoever has to find out: the text that had to be signed. */
const CANONICAL_HEADER = 'x-darkroom-canonical-request';

/** Who signed a call for this service. Nobody may call without a signature. */
export function authenticateTc3(
  call: Tc3Call,
  service: string,
  identities: Pick<Identities, 'find'>,
  now: number,
): Caller {
  const claimed = read(call);
  const key = identities.find(claimed.secretId);
  if (!key) throw new ApiError('AuthFailure.SecretIdNotFound', 'The SecretId is not found.');
  checkToken(key, claimed.token, now);
  if (claimed.service !== service) {
    throw signature(`The credential is for "${claimed.service}", the host is of "${service}".`);
  }
  const verdict = verdictOf(call, claimed, key.secretKey, now);
  switch (verdict.status) {
    case 'ok':
      return key.caller;
    case 'skewed':
      throw new ApiError(
        'AuthFailure.SignatureExpire',
        `The timestamp ${verdict.timestampSeconds} is more than five minutes from ${Math.floor(now / 1000)}, the time here.`,
      );
    case 'other-date':
      throw signature(
        `The credential is for ${claimed.date}, its timestamp for ${verdict.expected}.`,
      );
    case 'unsigned-headers':
      throw signature(`SignedHeaders lacks ${verdict.missing.join(', ')}.`);
    case 'mismatch':
      throw signature('The provided credentials could not be validated.', {
        [CANONICAL_HEADER]: headerText(JSON.stringify(verdict.canonicalRequest)).slice(0, 8000),
      });
  }
}

/** Some clients sign the name of the host without the port that they send with it. */
function verdictOf(call: Tc3Call, claimed: ClaimedTc3, secretKey: string, now: number): Tc3Verdict {
  const verdict = verifyTc3(call, claimed, secretKey, now);
  const { host } = call.headers;
  const name = typeof host === 'string' ? host.replace(/:\d+$/, '') : host;
  if (verdict.status !== 'mismatch' || name === host) return verdict;
  const other = { ...call, headers: { ...call.headers, host: name } };
  return verifyTc3(other, claimed, secretKey, now).status === 'ok' ? { status: 'ok' } : verdict;
}

function read(call: Tc3Call): ClaimedTc3 {
  try {
    const claimed = readTc3(call);
    if (claimed) return claimed;
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    throw new ApiError('AuthFailure.InvalidAuthorization', `${thrown.message}. ${thrown.hint}`);
  }
  throw new ApiError('AuthFailure.InvalidAuthorization', 'The call is not signed.');
}

function checkToken(key: KnownKey, token: string | undefined, now: number): void {
  if (key.token === undefined) return;
  const [given, wanted] = [Buffer.from(token ?? ''), Buffer.from(key.token)];
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new ApiError('AuthFailure.TokenFailure', 'A temporary key comes with its own token.');
  }
  if (key.expires !== undefined && key.expires <= now) {
    throw new ApiError('AuthFailure.TokenFailure', 'The temporary key has expired.');
  }
}

function signature(message: string, headers: Readonly<Record<string, string>> = {}): ApiError {
  return new ApiError('AuthFailure.SignatureFailure', message, { headers });
}
