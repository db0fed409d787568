import type { Records } from '../run/ports.ts';
import { checkRecord } from './record-name.ts';

/** Records of one process, gone with it. */
export function memoryRecords(): Records {
  const texts = new Map<string, string>();
  return {
    async read(name) {
      checkRecord(name);
      return texts.get(name);
    },
    async create(name, text) {
      checkRecord(name, text);
      if (texts.has(name)) return false;
      texts.set(name, text);
      return true;
    },
    async write(name, text) {
      checkRecord(name, text);
      texts.set(name, text);
    },
    async list(prefix, { after = '', limit }) {
      return [...texts.keys()]
        .filter((name) => name.startsWith(prefix) && name > after)
        .sort()
        .slice(0, limit);
    },
  };
}
