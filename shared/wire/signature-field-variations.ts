import { percentEncode, readQuery } from './percent.ts';
import { differenceOf, quoted } from './signature-difference.ts';
import { decodeOnce, headerOf, type SentRequest } from './signature-read.ts';
import type { Variation } from './signature-variations.ts';
import { keyOf, type SignedField, type SignedView } from './signature-view.ts';

interface Kind {
  readonly line: 'headers' | 'parameters';
  readonly noun: string;
  readonly list: string;
}

const HEADERS: Kind = { line: 'headers', noun: 'header', list: 'q-header-list' };
const PARAMETERS: Kind = { line: 'parameters', noun: 'parameter', list: 'q-url-param-list' };

/** Beyond these nothing is tried one by one. */
const MAX_FIELDS = 60;

/** What a client may have signed in place of these headers, the likely things first. */
export function headersToTry({ headers }: SignedView, request: SentRequest): Variation[] {
  const sent = Object.keys(request.headers)
    .filter((name) => name !== 'authorization')
    .map((name) => ({ key: keyOf(name), value: headerOf(request, name) ?? '' }));
  const inMixedCase = pairs(headers).map((pair) =>
    pair.replace(/^[^=]*/, (key) => key.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())),
  );
  return [
    { says: rawColon, lines: () => ({ headers: pairs(headers).map(withRawColon).join('&') }) },
    ...fieldsToTry(HEADERS, headers, sent),
    { says: mixedCase(HEADERS), lines: () => ({ headers: inMixedCase.join('&') }) },
  ];
}

/** What a client may have signed in place of these parameters, the likely things first. */
export function parametersToTry({ parameters }: SignedView, request: SentRequest): Variation[] {
  const query = readQuery(request.rawQuery);
  const sent = query
    .filter(({ name }) => !/^(?:q-.*|sign|x-c(?:os|i)-security-token)$/.test(name))
    .map(({ name, value }) => ({ key: keyOf(name), value }));
  const names = new Map(query.map(({ name }) => [keyOf(name), percentEncode(name)]));
  const inMixedCase = parameters.map(
    ({ key, value }) => `${names.get(key) ?? key}=${percentEncode(value)}`,
  );
  return [
    ...fieldsToTry(PARAMETERS, parameters, sent),
    { says: mixedCase(PARAMETERS), lines: () => ({ parameters: inMixedCase.join('&') }) },
  ];
}

const rawColon = 'the client signed the host and its port without encoding the colon';

const withRawColon = (pair: string) =>
  pair.startsWith('host=') ? pair.replaceAll('%3A', ':') : pair;

type Sent = Pick<SignedField, 'key' | 'value'>;

const pairs = (fields: readonly Sent[]) =>
  fields.map(({ key, value }) => `${key}=${percentEncode(value)}`);

const namesOf = (fields: readonly Sent[]) => fields.map(({ key }) => key).join(', ');

const mixedCase = ({ noun }: Kind) =>
  `the client signed the names of its ${noun}s in mixed case, and they are signed in lower case`;

function fieldsToTry(
  kind: Kind,
  fields: readonly SignedField[],
  sent: readonly Sent[],
): Variation[] {
  const { line, noun, list } = kind;
  const asListed = pairs(fields);
  const text = (says: string, make: () => readonly string[]): Variation => ({
    says,
    lines: () => ({ [line]: make().join('&') }),
  });
  const listed = new Set(fields.map(({ key }) => key));
  const unlisted = sent.filter(({ key }) => !listed.has(key)).slice(0, MAX_FIELDS);
  const tried = fields.slice(0, MAX_FIELDS);

  return [
    text(`the client signed its ${noun}s in alphabetical order, and ${list} has another`, () =>
      [...asListed].sort(),
    ),
    ...tried.flatMap((field, at) =>
      valuesToTry(field).map((value) =>
        text(differenceOf(noun, field, value), () =>
          asListed.with(at, `${field.key}=${percentEncode(value)}`),
        ),
      ),
    ),
    ...tried.map(({ key }, at) =>
      text(`${list} names the ${noun} ${key}, but the client did not sign it`, () =>
        asListed.toSpliced(at, 1),
      ),
    ),
    ...unlisted.map((field) =>
      text(`the client signed the ${noun} ${field.key}, but ${list} does not name it`, () =>
        [...asListed, ...pairs([field])].sort(),
      ),
    ),
    text(`the client signed ${noun}s that ${list} does not name: ${namesOf(unlisted)}`, () =>
      [...asListed, ...pairs(unlisted)].sort(),
    ),
    text(`${list} names ${noun}s, but the client signed none`, () => []),
    ...ENCODINGS.map(([says, encode]) =>
      text(`the client ${says} the values of its ${noun}s`, () =>
        fields.map(({ key, value }) => `${key}=${encode(value)}`),
      ),
    ),
  ];
}

const ENCODINGS: readonly (readonly [says: string, encode: (value: string) => string])[] = [
  ['did not encode', (value) => value],
  ["left !'()* as they are in", encodeURIComponent],
  ['left slashes as they are in', (value) => percentEncode(value).replaceAll('%2F', '/')],
  ['wrote spaces as + in', (value) => percentEncode(value).replaceAll('%20', '+')],
  [
    'wrote the escapes in lower case in',
    (value) => percentEncode(value).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ],
  ['encoded twice', (value) => percentEncode(percentEncode(value))],
];

/** What HTTP libraries and proxies put in place of what they were given. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'content-length': ['0'],
  'content-type': [
    'application/octet-stream',
    'application/xml',
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
    'text/plain;charset=UTF-8',
    'text/xml',
    'image/jpeg',
    'image/png',
    'video/mp4',
  ],
};

/** Other values a field may have had when it was signed. */
function valuesToTry({ key, value, present }: SignedField): string[] {
  const known = Object.hasOwn(KNOWN, key) ? (KNOWN[key] ?? []) : [];
  if (!present) return [...known];
  const [main = ''] = value.split(';', 1);
  const values = new Set([
    '',
    value.trim(),
    value.replaceAll(' ', '+'),
    value.replaceAll('+', ' '),
    decodeOnce(value),
    percentEncode(value),
    value.toLowerCase(),
    Buffer.from(value).toString('latin1'),
    ...jsonForms(value),
    ...(key === 'content-type'
      ? [main, `${main}; charset=utf-8`, `${main};charset=utf-8`, `${main};charset=UTF-8`]
      : []),
    ...known,
  ]);
  values.delete(value);
  return [...values];
}

/** The same JSON without its spaces, and with its non-Latin letters raw or escaped. */
function jsonForms(value: string): string[] {
  if (!/^\s*[[{]/.test(value)) return [];
  try {
    const raw = JSON.stringify(JSON.parse(value));
    const escaped = raw.replace(
      /[^\x00-\x7f]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    return [raw, escaped];
  } catch {
    return [];
  }
}

/** Another host is the usual reason: a port, a proxy, or a name for the same bucket. */
export function hostsToTry(
  view: SignedView,
  hosts: readonly string[],
): { readonly view: SignedView; readonly says: string }[] {
  const host = view.headers.find(({ key }) => key === 'host')?.value;
  if (host === undefined) return [];
  const name = host.replace(/:\d{1,5}$/, '');
  const others = new Set([
    ...hosts,
    name,
    `${name}:80`,
    `${name}:443`,
    name.toLowerCase(),
    name.replace('.cos.', '.ci.'),
    name.replace('.ci.', '.cos.'),
    name.replace('.myqcloud.com', '.tencentcos.cn'),
    name.replace('.tencentcos.cn', '.myqcloud.com'),
    name.replace('.cos-internal.', '.cos.'),
    name.replace(/\.cos\.[^.]+\./, '.cos.accelerate.'),
    name.replace(/^[^.]+\.(?=c(?:os|i)\.)/, ''),
    'localhost',
    '127.0.0.1',
    '',
  ]);
  others.delete(host);
  return [...others].map((other) => ({
    says: `the client signed the host ${quoted(other)}, but the Host header is ${quoted(host)}`,
    view: {
      ...view,
      headers: view.headers.map((header) =>
        header.key === 'host' ? { ...header, value: other } : header,
      ),
    },
  }));
}
