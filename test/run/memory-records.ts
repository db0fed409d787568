import type { Records } from '../../shared/run/ports.ts';

/** Records for as long as the test runs. */
export function memoryRecords(): Records {
  const texts = new Map<string, string>();
  return {
    read: async (name) => texts.get(name),
    create: async (name, text) => {
      if (texts.has(name)) return false;
      texts.set(name, text);
      return true;
    },
    write: async (name, text) => void texts.set(name, text),
    list: async (prefix, { after = '', limit }) =>
      [...texts.keys()]
        .filter((name) => name.startsWith(prefix) && name > after)
        .sort()
        .slice(0, limit),
  };
}
