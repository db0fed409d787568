/** What a form has to hold, as its policy says. */
export interface PostPolicy {
  /** As written. */
  readonly expiration: string;
  readonly expiresMs: number;
  readonly conditions: readonly PostCondition[];
  /** The sizes a file may have. */
  readonly minBytes: number;
  readonly maxBytes: number;
}

interface PostCondition {
  readonly match: 'eq' | 'starts-with';
  /** As written, without the dollar sign. */
  readonly field: string;
  readonly value: string;
}

const MAX_LENGTH = 64 * 1024;
const MAX_CONDITIONS = 1000;
const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;
const REQUIRED = ['q-sign-algorithm', 'q-ak', 'q-sign-time'];

/** The policy of a form, or why it is none. */
export function readPostPolicy(base64: string): PostPolicy | string {
  if (base64.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH}`;
  if (!BASE64.test(base64)) return 'it is not Base64';
  const document = parsed(Buffer.from(base64, 'base64'));
  if (typeof document !== 'object' || document === null) return 'it is not a JSON object';

  const { expiration, conditions } = document as Readonly<Record<string, unknown>>;
  if (typeof expiration !== 'string' || !ISO_TIME.test(expiration)) {
    return 'its expiration is not a time such as 2030-01-01T00:00:00.000Z';
  }
  const expiresMs = Date.parse(expiration);
  if (Number.isNaN(expiresMs)) return `its expiration ${expiration} is no day of the calendar`;
  if (!Array.isArray(conditions)) return 'it has no list of conditions';
  if (conditions.length > MAX_CONDITIONS) return `it has more than ${MAX_CONDITIONS} conditions`;

  const read: PostCondition[] = [];
  let minBytes = 0;
  let maxBytes = Number.POSITIVE_INFINITY;
  for (const condition of conditions) {
    const range = rangeOf(condition);
    if (range) {
      minBytes = Math.max(minBytes, range[0]);
      maxBytes = Math.min(maxBytes, range[1]);
      continue;
    }
    const matches = matchesOf(condition);
    if (!matches)
      return `its condition ${JSON.stringify(condition).slice(0, 200)} is of no known form`;
    read.push(...matches);
  }
  const missing = REQUIRED.find((name) => !read.some(({ field }) => field === name));
  if (missing !== undefined) return `it has no condition on ${missing}`;
  return { expiration, expiresMs, conditions: read, minBytes, maxBytes };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** `["content-length-range", 1, 100]` */
function rangeOf(condition: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(condition) || condition.length !== 3) return undefined;
  const [kind, least, most] = condition;
  if (kind !== 'content-length-range') return undefined;
  const [min, max] = [Number(least), Number(most)];
  return Number.isSafeInteger(min) && Number.isSafeInteger(max) && min >= 0
    ? [min, max]
    : undefined;
}

/** `{"acl": "default"}`, `["eq", "$acl", "default"]` or `["starts-with", "$key", "folder/"]` */
function matchesOf(condition: unknown): readonly PostCondition[] | undefined {
  if (Array.isArray(condition)) {
    const [match, field, value] = condition;
    if (condition.length !== 3 || (match !== 'eq' && match !== 'starts-with')) return undefined;
    if (typeof field !== 'string' || !/^\$./.test(field) || !isValue(value)) return undefined;
    return [{ match, field: field.slice(1), value: String(value) }];
  }
  if (typeof condition !== 'object' || condition === null) return undefined;
  const entries = Object.entries(condition);
  if (entries.length === 0 || !entries.every(([, value]) => isValue(value))) return undefined;
  return entries.map(([field, value]) => ({ match: 'eq', field, value: String(value) }));
}

function isValue(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
