/** A part of what was read, of which nothing is known yet. */
export function partOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The settings of a map; none of anything else. */
export function entriesOf(value: unknown): readonly [name: string, part: unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

/** The entries of a list; none of anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
