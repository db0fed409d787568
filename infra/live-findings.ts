import { type Account, SERVICE_ROLES } from './account.ts';
import type { DeployPlan } from './change.ts';
import { addressOf } from './found-trigger.ts';
import type { Model } from './model.ts';
import { foundOf } from './plan-environment.ts';
import { sayFunction } from './plan-function.ts';

/** One thing about the account that could be seen, and whether it is as it should be. */
export interface Finding {
  readonly fine: boolean;
  readonly says: string;
}

/** What an account shows of what no page of the service could settle. Pure. */
export function liveFindings(model: Model, account: Account, plan: DeployPlan): readonly Finding[] {
  const { appid, serviceRoles } = account;
  return [
    { fine: appid === model.appid, says: `the keys open the account ${appid}` },
    ...SERVICE_ROLES.map((name) => ({
      fine: serviceRoles.includes(name),
      says: `the role ${name} is ${serviceRoles.includes(name) ? '' : 'not '}there`,
    })),
    ...model.functions.flatMap((spec): readonly Finding[] => {
      const subject = sayFunction(spec);
      const found = foundOf(spec, account);
      if (!found) return [{ fine: false, says: `${subject} is not deployed` }];
      const { status, runtime, triggers } = found;
      const unbound = triggers.filter(({ enabled, bound }) => !enabled || !bound);
      const open = spec.triggers.some(({ type }) => type === 'http');
      const address = addressOf(triggers);
      return [
        { fine: status === 'Active', says: `${subject} is ${status}, on ${runtime}` },
        {
          fine: unbound.length === 0,
          says: `${triggers.length - unbound.length} of its ${triggers.length} triggers are bound`,
        },
        ...(open
          ? [{ fine: address !== undefined, says: `its address is ${address ?? 'not recognised'}` }]
          : []),
      ];
    }),
    {
      fine: plan.changes.length === 0 && plan.refusals.length === 0,
      says: `${plan.changes.length} differences from the rules`,
    },
  ];
}
