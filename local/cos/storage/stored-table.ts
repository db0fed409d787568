import { writesTo } from './decide-object.ts';
import {
  beyond,
  bytesOf,
  earlierOf,
  laterOf,
  tableEntries,
  tableKey,
  textOf,
} from './index-key.ts';
import type { Keeper } from './state.ts';
import type { Table, TableRange } from './table.ts';

/** A table as the state of the moment has it. What it holds is trusted to be what was put there. */
export function storedTable<T>(keeper: Keeper, name: string): Table<T> {
  const start = tableEntries(name);
  const read = (text: string | undefined): T | undefined =>
    text === undefined ? undefined : JSON.parse(text);

  return {
    get: (key) => read(keeper.state.index.get(tableKey(name, key))),

    range(options: TableRange = {}) {
      const { prefix = '', from, to, limit = Number.POSITIVE_INFINITY, reverse = false } = options;
      const first = start + bytesOf(prefix);
      const low = from === undefined ? first : laterOf(first, start + bytesOf(from));
      const entries: (readonly [string, T])[] = [];
      const end = to === undefined ? beyond(first) : earlierOf(beyond(first), start + bytesOf(to));
      if (low >= end || limit <= 0) return entries;
      for (const [key, text] of keeper.state.index.range(low, end, { reverse })) {
        entries.push([textOf(key.slice(start.length)), JSON.parse(text)]);
        if (entries.length >= limit) break;
      }
      return entries;
    },

    async put(key, value) {
      const writes = writesTo([{ table: name, key, value }]);
      await keeper.state.writer.commit(() => ({ outcome: undefined, writes }));
    },

    async remove(key) {
      const writes = writesTo([{ table: name, key, value: undefined }]);
      await keeper.state.writer.commit(() => ({ outcome: undefined, writes }));
    },

    async update(key, change) {
      return keeper.state.writer.commit((view) => {
        const value = change(read(view.get(tableKey(name, key))));
        return { outcome: value, writes: writesTo([{ table: name, key, value }]) };
      });
    },
  };
}
