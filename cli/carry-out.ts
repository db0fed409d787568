import type { DeployWork, ReadyPlan } from '../infra/deploy.ts';
import type { Io } from './command.ts';

export const YES_FLAG = {
  yes: { type: 'switch', says: 'does not ask before it changes anything' },
} as const;

/** Shows a plan, asks, and carries it out. The exit code. */
export async function carryOut(
  work: DeployWork,
  ready: ReadyPlan,
  { yes, io }: { readonly yes: boolean; readonly io: Io },
): Promise<number> {
  const { deploy } = await import('../infra/deploy.ts');
  const { explainPlan } = await import('../infra/explain-plan.ts');
  const { plan } = ready;
  io.out(explainPlan(plan));
  if (plan.refusals.length > 0) return 1;
  if (plan.changes.length === 0) return 0;
  if (!yes && !io.agrees) {
    io.err('Nobody is there to be asked. Say --yes to have it done.');
    return 1;
  }
  if (!yes && !(await io.agrees?.('Shall this be done?'))) {
    io.err('Nothing was changed.');
    return 1;
  }
  await deploy(work, ready, ({ does, subject }) => io.err(`${does} ${subject}`));
  return 0;
}
