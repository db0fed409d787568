import { allOver } from '../core/all-over.ts';
import type { ObjectRef } from '../core/object-ref.ts';
import { titleOf } from '../plan/overrides.ts';
import { ruleForTemplate } from '../plan/rule-for-template.ts';
import type { Entry } from '../progress/entry.ts';
import { readRun } from '../progress/read-run.ts';
import type { Run } from '../progress/run.ts';
import { stepRefOf } from '../progress/step-ref.ts';
import { markDue } from './agenda.ts';
import { readStep } from './ledger.ts';
import { planSource } from './plan-source.ts';
import type { Suite } from './ports.ts';
import { recordName } from './record-names.ts';
import { type SubmitOn, submit } from './submit.ts';

type On = Pick<Suite, 'records' | 'digest' | 'now' | 'randomId'>;

/** What somebody asks for on demand. */
export interface RunOrder {
  readonly caller: string;
  readonly object: ObjectRef;
  /** `cutout@2` */
  readonly template: string;
  /** Whoever sends an order again with the same key gets the run that is there. */
  readonly idempotencyKey?: string;
}

/**
 * Stores a run for the timer to carry out, unless somebody does before: `carryOutRun`. With a key that
 * was used before, the run it was used for, whatever was ordered by it.
 */
export async function storeRun(order: RunOrder, on: On): Promise<Run> {
  const { caller, object, template, idempotencyKey } = order;
  const id =
    idempotencyKey === undefined ? on.randomId() : on.digest(`${caller} ${idempotencyKey}`);
  const now = on.now();
  const { bucket, region, key } = object;
  const run: Run = {
    id,
    caller,
    object: { bucket, region, key },
    template,
    state: 'waiting',
    steps: [],
    createdAt: now,
    changedAt: now,
  };
  await markDue('runs', id, now, on);
  const isNew = await on.records.create(runName(id), JSON.stringify(run));
  return isNew ? run : ((await findRun(id, on)) ?? run);
}

export async function findRun(
  id: string,
  { records }: Pick<On, 'records'>,
): Promise<Run | undefined> {
  const text = await records.read(runName(id));
  return text === undefined ? undefined : readRun(text);
}

/** What the ledger holds of the steps of a run, in their order. */
export async function stepsOfRun(
  { steps }: Run,
  on: Pick<On, 'records' | 'digest'>,
): Promise<readonly (Entry | undefined)[]> {
  return allOver(steps.map(({ id }) => readStep(on.digest(id), on)));
}

/** Plans and submits what a run asks for. From then on its steps are the ledger's business. */
export async function carryOutRun(id: string, on: SubmitOn): Promise<Run | undefined> {
  const run = await findRun(id, on);
  if (run?.state !== 'waiting') return run;
  const template = on.rules.templates.find((one) => titleOf(one) === run.template);
  if (!template) return end(run, [], `There is no template ${run.template} any more`, on);
  const source = await on.objects.head(run.object);
  if (!source) return end(run, [], `There is no object ${run.object.key}`, on);

  const plan = await planSource(source, [ruleForTemplate(template)], on);
  await submit(source, plan.steps, on);
  const [skip] = plan.skips;
  const refusal = plan.steps.length === 0 && skip ? `Nothing to do: ${skip.because}` : undefined;
  return end(run, plan.steps.map(stepRefOf), refusal, on);
}

async function end(
  run: Run,
  steps: Run['steps'],
  refusal: string | undefined,
  { records, now, log }: SubmitOn,
): Promise<Run> {
  const after: Run = {
    ...run,
    steps,
    state: refusal === undefined ? 'carried-out' : 'refused',
    changedAt: now(),
    ...(refusal !== undefined && { trouble: { code: 'RUN_REFUSED', message: refusal } }),
  };
  await records.write(runName(run.id), JSON.stringify(after));
  log.info('run', { run: run.id, caller: run.caller, state: after.state, steps: steps.length });
  return after;
}

function runName(id: string): string {
  return recordName('runs', id);
}
