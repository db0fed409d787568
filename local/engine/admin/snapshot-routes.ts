import { defineRoute, notThere } from './route.ts';

export const SNAPSHOT_ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/snapshots',
    says: 'Their names.',
    run: async ({ storage }) => ({ snapshots: await storage.snapshots.list() }),
  }),
  defineRoute({
    method: 'PUT',
    path: '/snapshots/{name}',
    says: 'Keeps all there is under a name, over a snapshot of the same name.',
    async run({ storage }, { names: { name } }) {
      await storage.snapshots.save(name);
      return { saved: name };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/snapshots/{name}/load',
    says: 'Puts all of it back. Requests under way fail.',
    async run({ storage }, { names: { name } }) {
      const { status } = await storage.snapshots.load(name);
      if (status === 'no-snapshot') throw notThere(`snapshot "${name}"`);
      return { loaded: name };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/snapshots/{name}',
    says: 'Removes one.',
    async run({ storage }, { names: { name } }) {
      const { status } = await storage.snapshots.remove(name);
      if (status === 'no-snapshot') throw notThere(`snapshot "${name}"`);
      return { removed: name };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/reset',
    says: 'Back to the empty buckets the engine was started with. Snapshots stay; so do faults and the clock.',
    async run({ storage }) {
      await storage.snapshots.reset();
      return {};
    },
  }),
];
