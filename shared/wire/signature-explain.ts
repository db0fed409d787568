import type { Credentials } from './signature.ts';
import { isSecret, quoted } from './signature-difference.ts';
import { headersToTry, hostsToTry, parametersToTry } from './signature-field-variations.ts';
import { httpStringOf, type SignedLines } from './signature-hash.ts';
import type { ClaimedSignature, SentRequest } from './signature-read.ts';
import {
  keysToTry,
  methodsToTry,
  pathsToTry,
  recipe,
  recipesToTry,
  type Variation,
} from './signature-variations.ts';
import { SKEW_SECONDS } from './signature-verify.ts';
import {
  linesOf,
  type SignedField,
  type SignedView,
  viewOf,
  viewsToAccept,
} from './signature-view.ts';

/** What else is known about whoever sent the request. */
export interface Hints {
  readonly nowMs?: number;
  /** Other keys the client may have signed with. */
  readonly otherKeys?: readonly Credentials[];
  /** Other names of the bucket's host. */
  readonly hosts?: readonly string[];
}

/** No more is tried than takes some tens of milliseconds. */
const MAX_TRIES = 4000;
const MAX_CHARACTERS = 8_000_000;
const MAX_NAMED = 5;
const MAX_SHOWN = 400;

/**
 * One sentence on why a signature does not match: the difference that would make it come true, found
 * by trying what clients get wrong, alone and two at a time.
 */
export function explain(
  request: SentRequest,
  claimed: ClaimedSignature,
  secretKey: string,
  hints: Hints = {},
): string {
  const found =
    reasonInTime(claimed, hints.nowMs) ??
    reasonInWriting(request, claimed, secretKey) ??
    reasonInContent(request, claimed, secretKey, hints) ??
    reasonInLists(viewOf(request, claimed));
  if (found !== undefined) return sentence(found);
  const ours = httpStringOf(linesOf(withoutSecrets(viewOf(request, claimed))));
  return `The client signed with another SecretKey than that of ${quoted(claimed.secretId)}, or something we did not guess: compare its HttpString with ours, ${quoted(ours, MAX_SHOWN)}.`;
}

function reasonInTime({ fromSeconds, untilSeconds }: ClaimedSignature, nowMs?: number) {
  if (fromSeconds > 1e11) return 'q-sign-time is in milliseconds, and it has to be in seconds';
  if (untilSeconds < fromSeconds) return 'q-sign-time ends before it begins';
  if (nowMs === undefined) return undefined;
  const now = Math.floor(nowMs / 1000);
  if (now > untilSeconds) {
    return `the signature was valid until ${isoTime(untilSeconds)}, and it is ${isoTime(now)}`;
  }
  if (now + SKEW_SECONDS < fromSeconds) {
    return `the signature is valid from ${isoTime(fromSeconds)}, and it is ${isoTime(now)}`;
  }
  return undefined;
}

/** The right signature in the wrong letters. */
function reasonInWriting(request: SentRequest, claimed: ClaimedSignature, secretKey: string) {
  const { signature } = claimed;
  for (const view of viewsToAccept(request, claimed)) {
    const right = recipe(linesOf(view), claimed, secretKey);
    if (signature === right) return 'the signature is right';
    if (signature.trim().toLowerCase() === right) {
      return 'the signature is right but for its writing: it has to be 40 hex digits in lower case';
    }
    if (signature === Buffer.from(right, 'hex').toString('base64')) {
      return 'the signature is right but written in Base64: it has to be 40 hex digits in lower case';
    }
  }
  return undefined;
}

function reasonInContent(
  request: SentRequest,
  claimed: ClaimedSignature,
  secretKey: string,
  hints: Hints,
): string | undefined {
  let tries = 0;
  let characters = 0;
  for (const { view, variations } of attempts(request, claimed, secretKey, hints)) {
    const changes = variations.map(({ lines }) => lines?.());
    const lines: SignedLines = Object.assign(linesOf(view), ...changes);
    characters += lines.path.length + lines.parameters.length + lines.headers.length;
    if (++tries > MAX_TRIES || characters > MAX_CHARACTERS) return undefined;

    const otherKey = variations.find((variation) => variation.secretKey !== undefined)?.secretKey;
    const make = variations.find((variation) => variation.recipe)?.recipe ?? recipe;
    if (make(lines, claimed, otherKey ?? secretKey) === claimed.signature) {
      return variations.map(({ says }) => says).join('; and ');
    }
  }
  return undefined;
}

interface Attempt {
  readonly view: SignedView;
  readonly variations: readonly Variation[];
}

/** Every single variation first, then two together, those with another host before the rest. */
function* attempts(
  request: SentRequest,
  claimed: ClaimedSignature,
  secretKey: string,
  { otherKeys = [], hosts = [] }: Hints,
): Generator<Attempt> {
  const keys = keysToTry({ secretId: claimed.secretId, secretKey }, otherKeys);
  const views = [...viewsToAccept(request, claimed)].map((view) => {
    const besideHeaders = [
      keys,
      methodsToTry(view.method),
      pathsToTry(view, request),
      parametersToTry(view, request),
      recipesToTry(),
    ];
    const groups = [headersToTry(view, request), ...besideHeaders];
    return { view, groups, besideHeaders, otherHosts: hostsToTry(view, hosts) };
  });

  for (const { view, groups, otherHosts } of views) {
    for (const { says, view: other } of otherHosts) yield { view: other, variations: [{ says }] };
    for (const variation of groups.flat()) yield { view, variations: [variation] };
  }
  for (const { view, groups, besideHeaders, otherHosts } of views) {
    for (const { says, view: other } of otherHosts) {
      for (const variation of [headersToTry(other, request), ...besideHeaders].flat()) {
        yield { view: other, variations: [{ says }, variation] };
      }
    }
    for (const [at, group] of groups.entries()) {
      for (const one of group) {
        for (const other of groups.slice(at + 1).flat()) yield { view, variations: [one, other] };
      }
    }
  }
}

/** What is listed and not there cannot be guessed, only named. */
function reasonInLists({ headers, parameters }: SignedView): string | undefined {
  const absent = [
    ...headers.filter(({ present }) => !present).map(({ key }) => `header ${key}`),
    ...parameters.filter(({ present }) => !present).map(({ key }) => `parameter ${key}`),
  ];
  if (absent.length === 0) return undefined;
  const named = absent.slice(0, MAX_NAMED).join(' and the ');
  const more = absent.length > MAX_NAMED ? ` and ${absent.length - MAX_NAMED} more` : '';
  return `the signature covers the ${named}${more}, which the request does not have`;
}

function withoutSecrets(view: SignedView): SignedView {
  const hide = (fields: readonly SignedField[]) =>
    fields.map((field) => (isSecret(field.key) ? { ...field, value: '...' } : field));
  return { ...view, headers: hide(view.headers), parameters: hide(view.parameters) };
}

function sentence(words: string): string {
  if (words.startsWith('q-')) return `${words}.`;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
