/** Whether two JSON texts say the same: services spell anew what they give back. */
export function sameJson(one: string, other: string): boolean {
  const [mine, theirs] = [parsed(one), parsed(other)];
  return mine !== undefined && mine === theirs;
}

/** In one spelling: keys in order, a list of one as its only entry, lists of texts as sets. */
function parsed(text: string): string | undefined {
  try {
    return JSON.stringify(spelt(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

function spelt(value: unknown): unknown {
  if (Array.isArray(value)) {
    const entries = value.map(spelt);
    if (entries.length === 1) return entries[0];
    const texts = entries.every((entry) => typeof entry === 'string');
    return texts ? [...entries].sort() : entries;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, spelt(inner)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
