import { timingSafeEqual } from 'node:crypto';
import { httpStringOf, signatureOf, stringToSignOf } from './signature-hash.ts';
import type { ClaimedSignature, SentRequest } from './signature-read.ts';
import { linesOf, otherViews, type SignedView, viewOf } from './signature-view.ts';

/** What the check of a signature came to. */
export type Verdict =
  | {
      readonly status: 'ok';
      /** The raw path that was signed: the one sent, or one of the others. */
      readonly rawPath: string;
      /** The names of what is protected; anything else may have been added on the way. */
      readonly headers: readonly string[];
      readonly parameters: readonly string[];
    }
  | { readonly status: 'expired'; readonly untilSeconds: number }
  | { readonly status: 'not-yet'; readonly fromSeconds: number }
  | {
      readonly status: 'mismatch';
      /** The two texts as the server made them, which the service puts into its answer. */
      readonly stringToSign: string;
      readonly formatString: string;
    };

/** How far a client's clock may be ahead of ours. */
export const SKEW_SECONDS = 15 * 60;

/**
 * Whether a request was signed with this key. The lists are the client's own; a host may have been
 * signed without its port, as the Python SDK does.
 */
export function verify(
  request: SentRequest,
  claimed: ClaimedSignature,
  secretKey: string,
  nowMs: number,
): Verdict {
  const now = Math.floor(nowMs / 1000);
  if (now > claimed.untilSeconds) return { status: 'expired', untilSeconds: claimed.untilSeconds };
  if (now + SKEW_SECONDS < claimed.fromSeconds) {
    return { status: 'not-yet', fromSeconds: claimed.fromSeconds };
  }

  const sent = viewOf(request, claimed);
  if (isSigned(sent, claimed, secretKey)) return accepted(sent);
  for (const view of otherViews(request, sent)) {
    if (isSigned(view, claimed, secretKey)) return accepted(view);
  }
  const formatString = httpStringOf(linesOf(sent));
  return {
    status: 'mismatch',
    stringToSign: stringToSignOf(formatString, claimed.signTime),
    formatString,
  };
}

function isSigned(view: SignedView, claimed: ClaimedSignature, secretKey: string): boolean {
  const text = stringToSignOf(httpStringOf(linesOf(view)), claimed.signTime);
  return sameText(signatureOf(text, claimed.keyTime, secretKey), claimed.signature);
}

function accepted({ rawPath, headers, parameters }: SignedView): Verdict {
  return {
    status: 'ok',
    rawPath,
    headers: headers.map(({ key }) => key),
    parameters: parameters.map(({ key }) => key),
  };
}

/** Takes equally long wherever two texts of one length differ. */
function sameText(one: string, other: string): boolean {
  const bytes = Buffer.from(one);
  const otherBytes = Buffer.from(other);
  return bytes.length === otherBytes.length && timingSafeEqual(bytes, otherBytes);
}
