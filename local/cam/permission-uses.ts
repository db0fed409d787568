import type { Decision, Wish } from './decide.ts';

/** What somebody did with a permission, or would have needed one for. */
interface PermissionUse {
  /** `role/on-upload` */
  readonly caller: string;
  readonly action: string;
  readonly allowed: boolean;
  /** The policies and statements that allowed it; which denied it, where one did. */
  readonly by: readonly StatementName[];
  readonly times: number;
  /** The first few resources it was about. */
  readonly resources: readonly string[];
}

/** A statement by the name of its policy and its place in it, from 1. */
export interface StatementName {
  readonly policy: string;
  readonly statement: number;
}

/** Remembers who used which permission, so that it can be shown that none is missing and none too many. */
export interface PermissionUses {
  note(caller: string, wish: Wish, decision: Decision): void;
  list(): readonly PermissionUse[];
  clear(): void;
}

const MOST_USES = 5_000;
const MOST_RESOURCES = 20;

export function permissionUses(): PermissionUses {
  const uses = new Map<string, PermissionUse & { times: number; resources: string[] }>();
  return {
    note(caller, { action, resource }, decision) {
      const { allowed } = decision;
      const by = 'by' in decision ? decision.by : [];
      const key = JSON.stringify([caller, action, allowed, by]);
      let use = uses.get(key);
      if (!use) {
        if (uses.size >= MOST_USES) return;
        use = { caller, action, allowed, by, times: 0, resources: [] };
        uses.set(key, use);
      }
      use.times += 1;
      if (use.resources.length < MOST_RESOURCES && !use.resources.includes(resource)) {
        use.resources.push(resource);
      }
    },
    list: () => [...uses.values()].map((use) => ({ ...use, resources: [...use.resources] })),
    clear: () => uses.clear(),
  };
}
