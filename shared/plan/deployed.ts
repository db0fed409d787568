import { Fault } from '../core/fault.ts';
import { compileRules, readCompiledRules } from './compiled-rules.ts';
import { type Permissions, permissionsFor } from './permissions-for.ts';
import type { Places } from './places.ts';
import type { FunctionName } from './request-actions.ts';
import type { Rules } from './rules.ts';
import { includes, type Statement } from './statement.ts';
import type { Trigger } from './trigger.ts';
import { triggersFor } from './triggers-for.ts';
import { covers } from './window.ts';

/** The file beside the code of each function that says with what it was deployed. */
export const DEPLOYED_FILE = 'deployed.json';

/** The record where compiled rules are published, to be in force without another deployment. */
export const PUBLISHED_RULES = 'rules/published.json';

/** What was deployed: rules, and what of the platform they need. Rules may change without it, to a point. */
export interface Deployed {
  readonly rules: Rules;
  readonly triggers: readonly Pick<Trigger, 'bucket' | 'prefix' | 'suffix'>[];
  readonly timers: readonly Pick<Rules['schedules'][number], 'name' | 'cron'>[];
  readonly permissions: Permissions;
}

/** The text of that file. `doubtful` as for `permissionsFor`. */
export function writeDeployed(
  rules: Rules,
  places: Places,
  options: { readonly doubtful?: boolean } = {},
): string {
  return JSON.stringify({
    rules: compileRules(rules),
    triggers: triggersFor(rules.rules, places).triggers.map(({ bucket, prefix, suffix }) => {
      return { bucket, prefix, suffix };
    }),
    timers: rules.schedules.map(({ name, cron }) => ({ name, cron })),
    permissions: permissionsFor(rules, withoutUin(places), options),
  });
}

/** It was written with the code and is believed like the code. */
export function readDeployed(text: string): Deployed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Fault('RULES_INVALID', `${DEPLOYED_FILE} is not JSON`, { cause });
  }
  const deployed = value as Omit<Deployed, 'rules'> & { readonly rules: string };
  return { ...deployed, rules: readCompiledRules(deployed.rules) };
}

/** What these rules would need that is not deployed, as people read it; nothing when they can be in force. */
export function missingFor(rules: Rules, places: Places, deployed: Deployed): readonly string[] {
  const triggers = triggersFor(rules.rules, places).triggers.filter(
    (trigger) =>
      !deployed.triggers.some((one) => one.bucket === trigger.bucket && covers(one, trigger)),
  );
  const timers = rules.schedules.filter(
    ({ name, cron }) => !deployed.timers.some((one) => one.name === name && one.cron === cron),
  );
  const permissions = Object.entries(permissionsFor(rules, withoutUin(places))) as [
    FunctionName,
    readonly Statement[],
  ][];
  return [
    ...triggers.map(
      ({ bucket, prefix, suffix }) => `a trigger on ${bucket} for ${prefix}*${suffix}`,
    ),
    ...timers.map(({ name, cron }) => `a timer for the schedule ${name}, ${cron}`),
    ...permissions.flatMap(([name, needed]) =>
      notAllowed(needed, deployed.permissions[name]).map((what) => `for ${name}, ${what}`),
    ),
  ];
}

/** Whoever deploys may not know the account's number, while functions do: it would be no difference. */
function withoutUin({ uin: _, ...places }: Places): Places {
  return places;
}

function notAllowed(needed: readonly Statement[], given: readonly Statement[]): readonly string[] {
  const missing = needed.flatMap(({ action, resource }) =>
    action.flatMap((one) =>
      resource
        .filter(
          (place) =>
            !given.some(
              (statement) =>
                statement.action.includes(one) &&
                statement.resource.some((wide) => includes(wide, place)),
            ),
        )
        .map((place) => `${one} on ${place}`),
    ),
  );
  return [...new Set(missing)];
}
