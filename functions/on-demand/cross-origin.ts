const A_WHILE_SECONDS = '600';
const SHOWN = 'location, retry-after, x-request-id';
const TAKEN = 'authorization, content-type, idempotency-key, x-api-key';

/** The headers by which a browser lets a page of another origin read an answer; none for others. */
export function crossOriginHeaders(
  origin: string | undefined,
  origins: readonly string[],
): Readonly<Record<string, string>> {
  if (origins.length === 0) return {};
  const allowed = isAllowed(origin, origins) ? { 'access-control-allow-origin': origin ?? '' } : {};
  return { vary: 'origin', ...allowed, 'access-control-expose-headers': SHOWN };
}

/** What a browser wants to know before it sends more than a page could do without asking. */
export function preflightHeaders(
  origin: string | undefined,
  origins: readonly string[],
  methods: string,
): Readonly<Record<string, string>> {
  if (!isAllowed(origin, origins)) return {};
  return {
    'access-control-allow-methods': methods,
    'access-control-allow-headers': TAKEN,
    'access-control-max-age': A_WHILE_SECONDS,
  };
}

function isAllowed(origin: string | undefined, origins: readonly string[]): boolean {
  return origin !== undefined && (origins.includes('*') || origins.includes(origin));
}
