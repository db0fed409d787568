import { hash } from 'node:crypto';
import type { Account } from './account.ts';
import type { Model } from './model.ts';
import { type Secrets, secretsFor } from './plan-environment.ts';

/** Which secrets get a successor. */
export interface Rotation {
  readonly links: boolean;
  readonly callbacks: boolean;
  readonly notices: boolean;
  /** Names of callers. */
  readonly keys: readonly string[];
}

export interface Rotated {
  /** As they shall be from now on. */
  readonly secrets: Secrets;
  /** What somebody else has to be told, and is shown this once. */
  readonly tell: readonly { readonly whom: string; readonly secret: string }[];
}

/**
 * New secrets before the old ones: what was signed with the one before is still believed, until the
 * next time. Only the secret of notices has no second, so its receivers have to change with it.
 */
export function rotated(
  rotation: Rotation,
  {
    model,
    account,
    given,
  }: { readonly model: Model; readonly account: Account; readonly given: Secrets },
  newSecret: () => string,
): Rotated {
  const now = secretsFor(model, account, { given, newSecret });
  const notice = rotation.notices ? newSecret() : undefined;
  const keys = rotation.keys.map((caller) => ({ caller, key: newSecret() }));
  return {
    secrets: {
      ...given,
      ...(rotation.links
        ? { DARKROOM_LINK_KEYS: behind(newSecret(), now.DARKROOM_LINK_KEYS) }
        : {}),
      ...(rotation.callbacks
        ? { DARKROOM_CALLBACK_SECRETS: behind(newSecret(), now.DARKROOM_CALLBACK_SECRETS) }
        : {}),
      ...(notice === undefined ? {} : { DARKROOM_NOTICE_SECRET: notice }),
      ...(keys.length > 0 ? { DARKROOM_API_KEYS: withKeys(now.DARKROOM_API_KEYS, keys) } : {}),
    },
    tell: [
      ...(notice === undefined ? [] : [{ whom: 'receivers of notices', secret: notice }]),
      ...keys.map(({ caller, key }) => ({ whom: caller, secret: key })),
    ],
  };
}

function behind(made: string, before: string | undefined): string {
  const [current] = before?.split(',') ?? [];
  return current ? `${made},${current.trim()}` : made;
}

/** The newest key of each of these callers, and the one before it; those of others stay. */
function withKeys(
  before: string | undefined,
  keys: readonly { readonly caller: string; readonly key: string }[],
): string {
  const entries = (before ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const changed = keys.map(({ caller }) => `${caller}:`);
  const others = entries.filter((entry) => !changed.some((start) => entry.startsWith(start)));
  const own = keys.flatMap(({ caller, key }) => {
    const [latest] = entries.filter((entry) => entry.startsWith(`${caller}:`));
    return [`${caller}:${hash('sha256', key)}`, ...(latest === undefined ? [] : [latest])];
  });
  return [...own, ...others].join(',');
}
