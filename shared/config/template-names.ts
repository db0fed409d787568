import type { Template } from '../plan/rule.ts';

/** `cutout@2` taken apart. */
export function splitTemplateKey(key: string): Pick<Template, 'name' | 'version'> {
  const at = key.lastIndexOf('@');
  return { name: key.slice(0, at), version: Number(key.slice(at + 1)) };
}

/** Which template a name means: `cutout@1` is just that one, `cutout` the highest version there is. */
export function templatesByReference(keys: Iterable<string>): ReadonlyMap<string, string> {
  const keyOf = new Map<string, string>();
  const highest = new Map<string, number>();
  for (const key of keys) {
    const { name, version } = splitTemplateKey(key);
    keyOf.set(key, key);
    if (version <= (highest.get(name) ?? 0)) continue;
    highest.set(name, version);
    keyOf.set(name, key);
  }
  return keyOf;
}
