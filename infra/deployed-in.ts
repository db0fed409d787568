import type { Deployed } from '../shared/plan/deployed.ts';
import type { FunctionName } from '../shared/plan/request-actions.ts';
import type { Statement } from '../shared/plan/statement.ts';
import { type JsonValue, readJson } from '../shared/wire/json.ts';
import { isJsonObject } from '../shared/wire/json-object.ts';
import type { Account, FoundPolicy } from './account.ts';
import { prefixOf } from './deployment.ts';
import { readTrigger } from './found-trigger.ts';
import { FUNCTION_NAMES, type Model, SCHEDULE } from './model.ts';

/** What an account holds of what rules can need: triggers, timers and permissions, as they are there. */
export function deployedIn(
  account: Account,
  model: Pick<Model, 'suite' | 'stage'>,
): Omit<Deployed, 'rules'> {
  const triggers = account.functions
    .flatMap((found) => found.triggers)
    .filter(({ enabled }) => enabled)
    .flatMap((trigger) => readTrigger(trigger) ?? []);
  const permissions = Object.fromEntries(
    FUNCTION_NAMES.map((name) => {
      const policy = account.policies.find((one) => one.name === `${prefixOf(model)}-${name}`);
      return [name, policy ? statementsIn(policy) : []];
    }),
  ) as Record<FunctionName, readonly Statement[]>;
  return {
    triggers: triggers.flatMap((trigger) => (trigger.type === 'cos' ? [trigger] : [])),
    timers: triggers.flatMap((trigger) =>
      trigger.type === 'timer' && trigger.name.startsWith(SCHEDULE)
        ? [{ name: trigger.name.slice(SCHEDULE.length), cron: trigger.cron }]
        : [],
    ),
    permissions,
  };
}

/** What a policy allows. A document that nobody of us wrote allows nothing that counts. */
function statementsIn({ document }: FoundPolicy): readonly Statement[] {
  const value = readJson(document);
  const list = isJsonObject(value) ? listOf(value['statement']) : [];
  return list.flatMap((statement) => {
    if (!isJsonObject(statement) || statement['effect'] !== 'allow') return [];
    const { action, resource } = statement;
    return [{ why: '', action: textsOf(action), resource: textsOf(resource) }];
  });
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return listOf(value).filter((one) => typeof one === 'string');
}
