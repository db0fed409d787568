import type { Clock } from '../../../shared/core/clock.ts';
import { Fault } from '../../../shared/core/fault.ts';
import { writesTo } from './decide-object.ts';
import { checkName } from './index-key.ts';
import type { Keeper } from './state.ts';
import type { Storage } from './storage.ts';
import { storedBuckets } from './stored-buckets.ts';
import { storedObjects } from './stored-objects.ts';
import { storedTable } from './stored-table.ts';
import { storedUploads } from './stored-uploads.ts';

/** The storage over whatever keeps its state: the rules are here, the place is the keeper's. */
export function storageOf(keeper: Keeper, clock: Clock): Storage {
  let closing: Promise<void> | undefined;
  return {
    buckets: storedBuckets(keeper, clock),
    objects: storedObjects(keeper, clock),
    uploads: storedUploads(keeper, clock),
    table: (name) => storedTable(keeper, name),

    async write(writes) {
      const all = writesTo(writes);
      await keeper.state.writer.commit(() => ({ outcome: undefined, writes: all }));
    },

    snapshots: {
      async save(name) {
        checkName(name, 'snapshot');
        await keeper.state.writer.alone(() => keeper.save(name));
      },
      async load(name) {
        checkName(name, 'snapshot');
        const loaded = await replacing(keeper, () => keeper.load(name));
        return { status: loaded ? 'loaded' : 'no-snapshot' };
      },
      async reset() {
        await replacing(keeper, async () => {
          await keeper.reset();
          return true;
        });
      },
      list: () => keeper.list(),
      async remove(name) {
        checkName(name, 'snapshot');
        const removed = await keeper.state.writer.alone(() => keeper.remove(name));
        return { status: removed ? 'removed' : 'no-snapshot' };
      },
    },

    async close() {
      const { writer } = keeper.state;
      closing ??= writer.alone(async () => {
        writer.end(new Fault('STORAGE_INTERRUPTED', 'The engine is closing'));
        await keeper.close();
      });
      await closing;
    },
  };
}

/** Whatever was waiting to be written into the state before is refused, and does not get into this. */
async function replacing(keeper: Keeper, replace: () => Promise<boolean>): Promise<boolean> {
  const { writer } = keeper.state;
  return writer.alone(async () => {
    const replaced = await replace();
    if (replaced) {
      writer.end(new Fault('STORAGE_INTERRUPTED', 'The data of the engine was replaced'));
    }
    return replaced;
  });
}
