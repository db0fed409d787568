import { type ConditionFacts, holds } from './condition.ts';
import type { StatementName } from './permission-uses.ts';
import type { Policy, Statement } from './policy.ts';
import { matchesWildcard } from './wildcard.ts';

/** What somebody wants to do: one action on one resource. */
export interface Wish {
  /** `cos:PutObject` */
  readonly action: string;
  /** `qcs::cos:ap-guangzhou:uid/1250000000:shop-1250000000/in/mug.jpg`; `*` where an action has none. */
  readonly resource: string;
  readonly facts: ConditionFacts;
}

export type Decision =
  | { readonly allowed: true; readonly by: readonly StatementName[] }
  | {
      readonly allowed: false;
      readonly because: 'denied-by-statement';
      readonly statement: Statement;
      readonly by: readonly StatementName[];
    }
  | { readonly allowed: false; readonly because: 'not-allowed' };

/** A deny wins over every allow, and what nothing allows is denied. `owners` are the account by uid and uin. */
export function decide(
  policies: readonly Policy[],
  wish: Wish,
  owners: readonly string[],
): Decision {
  const by: StatementName[] = [];
  for (const { name = '', statements } of policies) {
    for (const [index, statement] of statements.entries()) {
      if (!appliesTo(statement, wish, owners)) continue;
      const named = { policy: name, statement: index + 1 };
      if (statement.effect === 'deny') {
        return { allowed: false, because: 'denied-by-statement', statement, by: [named] };
      }
      by.push(named);
    }
  }
  return by.length > 0 ? { allowed: true, by } : { allowed: false, because: 'not-allowed' };
}

function appliesTo(statement: Statement, wish: Wish, owners: readonly string[]): boolean {
  return (
    statement.actions.some((action) => actionFits(action, wish.action)) &&
    statement.resources.some((resource) => resourceFits(resource, wish.resource, owners)) &&
    statement.conditions.every((condition) => holds(condition, wish.facts))
  );
}

/** Actions are compared without regard to case: `cam:passrole` is printed in the documentation. */
function actionFits(pattern: string, action: string): boolean {
  return pattern === '*' || matchesWildcard(pattern.toLowerCase(), action.toLowerCase());
}

/**
 * An empty region means every region, an empty account the owner's. An action without a resource
 * of its own is only allowed by `*`: naming a resource for it allows nothing.
 */
function resourceFits(pattern: string, resource: string, owners: readonly string[]): boolean {
  if (pattern === '*') return true;
  if (resource === '*') return false;
  const wanted = segmentsOf(pattern);
  const actual = segmentsOf(resource);
  return (
    matchesWildcard(wanted.service, actual.service) &&
    (wanted.region === '' || matchesWildcard(wanted.region, actual.region)) &&
    (wanted.account === ''
      ? actual.account === '' || owners.includes(actual.account)
      : matchesWildcard(wanted.account, actual.account)) &&
    matchesWildcard(wanted.rest, actual.rest)
  );
}

/** The last part may hold colons of its own: it ends with an object's key. */
function segmentsOf(resource: string) {
  const [, , service = '', region = '', account = '', ...rest] = resource.split(':');
  return { service, region, account, rest: rest.join(':') };
}

/** The smallest statement that would have allowed the wish, as a policy document takes it. */
export function statementThatAllows({
  action,
  resource,
}: Pick<Wish, 'action' | 'resource'>): string {
  const name = /^(cos|ci):/.test(action) ? `name/${action}` : action;
  return JSON.stringify({ effect: 'allow', action: [name], resource: [resource] });
}
