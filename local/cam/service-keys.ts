import type { TemporaryKey } from './identities.ts';

/** The keys of a role inside a function live so long at most. */
const SECONDS = 6 * 3600;
const RENEWED_AFTER_MS = 3_600_000;

interface ServiceKeysOptions {
  now(): number;
  make(role: string, seconds: number): Promise<TemporaryKey>;
  /** Whether a key that was made still opens anything. */
  isThere(key: TemporaryKey): boolean;
}

/** Keys with which a service acts as roles: each is used again for a while, and then made anew. */
export function serviceKeys({ now, make, isThere }: ServiceKeysOptions) {
  const keys = new Map<string, { readonly key: TemporaryKey; readonly renewAt: number }>();
  return {
    async of(role: string): Promise<TemporaryKey> {
      const known = keys.get(role);
      if (known && known.renewAt > now() && isThere(known.key)) return known.key;
      const key = await make(role, SECONDS);
      keys.set(role, { key, renewAt: now() + RENEWED_AFTER_MS });
      return key;
    },
    clear: () => keys.clear(),
  };
}
