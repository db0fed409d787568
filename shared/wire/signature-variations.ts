import { createHmac } from 'node:crypto';
import { encodePath, percentEncode } from './percent.ts';
import type { Credentials } from './signature.ts';
import { httpStringOf, type SignedLines, signatureOf, stringToSignOf } from './signature-hash.ts';
import { type ClaimedSignature, decodeOnce, type SentRequest } from './signature-read.ts';
import type { SignedView } from './signature-view.ts';

/** How a signature is made from its lines. */
export type Recipe = (lines: SignedLines, claimed: ClaimedSignature, secretKey: string) => string;

/** One thing a client may have done otherwise than the server, and how to say so. */
export interface Variation {
  readonly says: string;
  readonly lines?: () => Partial<SignedLines>;
  readonly secretKey?: string;
  readonly recipe?: Recipe;
}

export const recipe: Recipe = (lines, { signTime, keyTime }, secretKey) =>
  signatureOf(stringToSignOf(httpStringOf(lines), signTime), keyTime, secretKey);

export function recipesToTry(): Variation[] {
  return [
    {
      says: 'the client left out the line break that ends HttpString',
      recipe: (lines, { signTime, keyTime }, secretKey) =>
        signatureOf(stringToSignOf(httpStringOf(lines).slice(0, -1), signTime), keyTime, secretKey),
    },
    {
      says: 'the client left out the line break that ends StringToSign',
      recipe: (lines, { signTime, keyTime }, secretKey) =>
        signatureOf(stringToSignOf(httpStringOf(lines), signTime).slice(0, -1), keyTime, secretKey),
    },
    {
      says: 'the client used the bytes of SignKey as the key, and it has to be its hex text',
      recipe: (lines, { signTime, keyTime }, secretKey) => {
        const signKey = createHmac('sha1', secretKey).update(keyTime).digest();
        const text = stringToSignOf(httpStringOf(lines), signTime);
        return createHmac('sha1', signKey).update(text).digest('hex');
      },
    },
    {
      says: 'the client signed with the SecretKey itself, without making SignKey from it',
      recipe: (lines, { signTime }, secretKey) =>
        createHmac('sha1', secretKey)
          .update(stringToSignOf(httpStringOf(lines), signTime))
          .digest('hex'),
    },
    {
      says: 'the client made SignKey from q-sign-time, and it is made from q-key-time',
      recipe: (lines, { signTime }, secretKey) =>
        signatureOf(stringToSignOf(httpStringOf(lines), signTime), signTime, secretKey),
    },
    {
      says: 'the client put q-key-time into StringToSign, and it is q-sign-time that belongs there',
      recipe: (lines, { keyTime }, secretKey) =>
        signatureOf(stringToSignOf(httpStringOf(lines), keyTime), keyTime, secretKey),
    },
  ];
}

export function keysToTry(
  { secretId, secretKey }: Credentials,
  others: readonly Credentials[],
): Variation[] {
  return [
    ...others.map((other) => ({
      says: `the client names the key ${secretId}, but signed with the SecretKey of ${other.secretId}`,
      secretKey: other.secretKey,
    })),
    { says: "the client's SecretKey ends with a line break", secretKey: `${secretKey}\n` },
    { says: "the client's SecretKey ends with a line break", secretKey: `${secretKey}\r\n` },
    { says: "the client's SecretKey ends with a line break", secretKey: `${secretKey}\r` },
    { says: "the client's SecretKey ends with a space", secretKey: `${secretKey} ` },
    { says: "the client's SecretKey begins with a space", secretKey: ` ${secretKey}` },
    { says: "the client's SecretKey is in quotes", secretKey: `"${secretKey}"` },
    { says: "the client's SecretKey is in quotes", secretKey: `'${secretKey}'` },
    { says: 'the client signed with its SecretId in place of the SecretKey', secretKey: secretId },
    { says: 'the client signed with an empty SecretKey', secretKey: '' },
    { says: 'the client signed with the SecretKey "undefined"', secretKey: 'undefined' },
  ];
}

const METHODS = ['get', 'put', 'post', 'head', 'delete', 'options', 'patch'];

export function methodsToTry(method: string): Variation[] {
  const sent = method.toUpperCase();
  const others = METHODS.filter((other) => other !== method).map((other) => ({
    says: `the client signed the method ${other.toUpperCase()}, but the request came as ${sent}`,
    lines: () => ({ method: other }),
  }));
  const upperCase = {
    says: `the client signed the method as ${sent}, and it has to be signed in lower case`,
    lines: () => ({ method: sent }),
  };
  return [...others, upperCase];
}

/** The texts a client may have taken for the path, the likely ones first. */
export function pathsToTry(view: SignedView, request: SentRequest): Variation[] {
  const { path, rawPath } = view;
  const bucket = bucketIn(request);
  const [first = ''] = /^\/[^/]+/.exec(path) ?? [];
  const rest = path.slice(first.length);
  const encoded = 'the client signed the path still encoded, and it has to be signed decoded';
  const texts: readonly (readonly [says: string, path: string])[] = [
    [
      'the client signed a plus where the path has a raw +, which is read as a space: send %2B',
      decodeOnce(rawPath),
    ],
    [encoded, rawPath],
    [encoded, encodePath(path)],
    [encoded, percentEncode(path)],
    [encoded, `/${percentEncode(path.slice(1))}`],
    [encoded, encodeURI(path)],
    ['the path was encoded twice on its way', decodeOnce(path)],
    ['the client signed the path without its leading slash', path.slice(1)],
    [`the client signed the path without "${first}" in front of it`, rest === '' ? '/' : rest],
    [`the client signed the path with "/${bucket}" in front of it`, `/${bucket}${path}`],
    ['the client signed one slash where the path has several', path.replace(/\/{2,}/g, '/')],
    ['the client signed the path with a second slash in front', `/${path}`],
    ['the client signed the path without the slash at its end', path.replace(/\/$/, '')],
    ['the client signed the path with a slash at its end', `${path}/`],
    ['the client resolved the dots in the path', resolved(path)],
    ['the client signed the path with its accents composed', path.normalize('NFC')],
    ['the client signed the path with its accents apart', path.normalize('NFD')],
    ['the client signed the path in lower case', path.toLowerCase()],
    ['the client signed "/", and the path of the object belongs there', '/'],
    ['the client signed the query as part of the path', `${path}?${request.rawQuery}`],
    ['the client signed an empty path', ''],
  ];
  return texts
    .filter(([, other]) => other !== path)
    .map(([says, other]) => ({ says, lines: () => ({ path: other }) }));
}

function bucketIn({ headers }: SentRequest): string {
  const host = headers['host'];
  return typeof host === 'string' ? (host.split('.')[0] ?? '') : '';
}

/** What an HTTP client makes of dots in a path before it sends it. */
function resolved(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '.') segments.push(segment);
  }
  return segments.join('/');
}
