import { decodePath, percentEncode, readQuery, utf8Text } from './percent.ts';
import type { SignedLines } from './signature-hash.ts';
import { type ClaimedSignature, decodeOnce, headerOf, type SentRequest } from './signature-read.ts';

/** One parameter or header that the client says it signed. */
export interface SignedField {
  /** As it stands in the list: encoded, in lower case. */
  readonly key: string;
  /** Decoded. Empty when the request does not have it. */
  readonly value: string;
  readonly present: boolean;
}

/** What a signature covers, as the server sees it. */
export interface SignedView {
  readonly rawPath: string;
  readonly method: string;
  readonly path: string;
  /** In the order of the client's own lists. */
  readonly parameters: readonly SignedField[];
  readonly headers: readonly SignedField[];
}

/** The covered parts of a request, taken from the request by the names in the client's own lists. */
export function viewOf(request: SentRequest, claimed: ClaimedSignature): SignedView {
  return {
    rawPath: request.rawPath,
    method: request.method.toLowerCase(),
    path: decodePath(request.rawPath),
    parameters: parametersOf(request.rawQuery, claimed.parameterList),
    headers: headersOf(request, claimed.headerList),
  };
}

/** The views to try, the plain one first. */
export function* viewsToAccept(
  request: SentRequest,
  claimed: ClaimedSignature,
): Generator<SignedView> {
  const sent = viewOf(request, claimed);
  yield sent;
  yield* otherViews(request, sent);
}

/**
 * What else is accepted besides the view of what was sent. Clients may leave the port out of the
 * host they sign, sort the values of a parameter that comes twice, and not know of a bucket in front
 * of the path.
 */
export function* otherViews(request: SentRequest, sent: SignedView): Generator<SignedView> {
  for (const rawPath of [request.rawPath, ...(request.otherPaths ?? [])]) {
    const path = decodePath(rawPath);
    for (const headers of withAndWithout(sent.headers, withoutPort)) {
      for (const parameters of withAndWithout(sent.parameters, sortedValues)) {
        const view = { ...sent, rawPath, path, headers, parameters };
        if (path !== sent.path || headers !== sent.headers || parameters !== sent.parameters) {
          yield view;
        }
      }
    }
  }
}

type Fields = readonly SignedField[];

function withAndWithout(fields: Fields, change: (fields: Fields) => Fields): Fields[] {
  const changed = change(fields);
  return changed === fields ? [fields] : [fields, changed];
}

const PORT = /:\d{1,5}$/;

function withoutPort(headers: Fields): Fields {
  if (!headers.some(({ key, value }) => key === 'host' && PORT.test(value))) return headers;
  return headers.map((header) =>
    header.key === 'host' ? { ...header, value: header.value.replace(PORT, '') } : header,
  );
}

function sortedValues(parameters: Fields): Fields {
  if (new Set(parameters.map(({ key }) => key)).size === parameters.length) return parameters;
  const pairs = parameters.map((field) => ({ field, pair: pairsOf([field]) }));
  pairs.sort((one, other) => (one.pair < other.pair ? -1 : one.pair > other.pair ? 1 : 0));
  return pairs.map(({ field }) => field);
}

/**
 * A parameter that was signed and is not there is not taken for an empty one: the words of a picture
 * pipeline are a name without a value, and whoever has a signed address may not take them away.
 */
export function linesOf({ method, path, parameters, headers }: SignedView): SignedLines {
  const sent = parameters.filter(({ present }) => present);
  return { method, path, parameters: pairsOf(sent), headers: pairsOf(headers) };
}

function pairsOf(fields: readonly SignedField[]): string {
  let pairs = '';
  for (const { key, value } of fields) {
    pairs += `${pairs === '' ? '' : '&'}${key}=${percentEncode(value)}`;
  }
  return pairs;
}

function parametersOf(rawQuery: string, list: string): SignedField[] {
  if (list === '') return [];
  const values = new Map<string, string[]>();
  for (const { name, value } of readQuery(rawQuery)) {
    const key = keyOf(name);
    const known = values.get(key);
    if (known) known.push(value);
    else values.set(key, [value]);
  }
  // A name that is listed twice takes its values in the order they were sent in.
  const taken = new Map<string, number>();
  return listedKeys(list, (key) => values.has(key)).map((key) => {
    const at = taken.get(key) ?? 0;
    taken.set(key, at + 1);
    const value = values.get(key)?.[at];
    return { key, value: value ?? '', present: value !== undefined };
  });
}

function headersOf(request: SentRequest, list: string): SignedField[] {
  if (list === '') return [];
  return listedKeys(list, (key) => headerOf(request, decodeOnce(key)) !== undefined).map((key) => {
    const value = headerOf(request, decodeOnce(key));
    return { key, value: utf8Text(value ?? ''), present: value !== undefined };
  });
}

/**
 * The names of a list. It arrives as it is in headers, and in addresses as it is, encoded once or
 * encoded twice, so the reading is taken that names most of what the request has.
 */
function listedKeys(list: string, has: (key: string) => boolean): readonly string[] {
  const plain = keysIn(list);
  if (!list.includes('%')) return plain;
  const once = decodeOnce(list);
  let best: readonly string[] = plain;
  let most = 0;
  for (const keys of [plain, keysIn(once), keysIn(decodeOnce(once))]) {
    const found = keys.filter(has).length;
    if (found === keys.length) return keys;
    if (found > most) {
      best = keys;
      most = found;
    }
  }
  return best;
}

const A_KEY = /^(?:[A-Za-z0-9\-_.~]|%[0-9A-Fa-f]{2})*$/;

const MAX_LISTS = 100;
const MAX_LENGTH_OF_KNOWN = 500;
/** A client sends the same few lists again and again. */
const knownLists = new Map<string, readonly string[]>();

function keysIn(list: string): readonly string[] {
  const known = knownLists.get(list);
  if (known) return known;
  const keys: string[] = [];
  for (const name of list.split(';')) {
    if (name === '') continue;
    keys.push(A_KEY.test(name) ? name.toLowerCase() : keyOf(name));
  }
  if (list.length > MAX_LENGTH_OF_KNOWN) return keys;
  if (knownLists.size >= MAX_LISTS) knownLists.clear();
  knownLists.set(list, keys);
  return keys;
}

/** A name as it stands in a list. */
export function keyOf(name: string): string {
  return percentEncode(name).toLowerCase();
}
