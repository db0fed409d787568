import { toFault } from '../core/fault.ts';
import type { Source } from '../core/object-ref.ts';
import { titleOf } from '../plan/overrides.ts';
import type { Plan } from '../plan/plan.ts';
import { ruleForTemplate } from '../plan/rule-for-template.ts';
import type { Entry } from '../progress/entry.ts';
import { isDue, reasonToBury } from '../progress/sweep.ts';
import { type DueKind, goOnFrom, listDue, markDue } from './agenda.ts';
import { atOnce } from './at-once.ts';
import { refreshJob } from './jobs.ts';
import { readStep } from './ledger.ts';
import { deliver } from './outbox.ts';
import { planSource } from './plan-source.ts';
import type { Suite } from './ports.ts';
import { runSlice } from './run-slice.ts';
import { carryOutRun } from './runs.ts';
import { giveUp, type SubmitOn, submit } from './submit.ts';

type On = SubmitOn & Pick<Suite, 'notifier'>;

const ROOM_MS = 10_000;
/** The part of what is left of a tick that telling others may take. */
const TELLING = 0.5;

/** What is done about one record that is due, by its name. */
const WORK: Readonly<Record<DueKind, (name: string, on: On) => Promise<unknown>>> = {
  jobs: refreshJob,
  notices: deliver,
  runs: carryOutRun,
  steps: takeUpAgain,
  backfills: runSlice,
};

/** What nobody else is bound to come back to: one tick's worth of it, as far as time reaches. */
export async function sweep(on: On): Promise<void> {
  for (const kind of ['jobs', 'runs', 'steps'] as const) await sweepKind(kind, on);
  // What came of all that is told last. Whoever is told may be slow, and keeps no backfill waiting.
  await sweepKind('notices', { ...on, deadline: on.deadline.part(TELLING) });
}

async function sweepKind(kind: DueKind, on: On): Promise<void> {
  let from: string | undefined;
  let seen = 0;
  for (let more = true; more && on.deadline.leavesRoomFor(ROOM_MS); ) {
    const due = await listDue(kind, on, from);
    let inTime = true;
    await atOnce(due.names, on.rules.limits.inFlight, async (name) => {
      inTime &&= on.deadline.leavesRoomFor(ROOM_MS);
      if (inTime) await seeTo(kind, name, on);
    });
    if (!inTime) break;
    await goOnFrom(kind, due.place, on);
    from = due.place;
    more = due.more;
    seen += due.names.length;
  }
  if (seen > 0) on.log.info('swept', { kind, seen });
}

/** One that goes wrong does not keep the others waiting: it is come back to. */
export async function seeTo(kind: DueKind, name: string, on: On): Promise<void> {
  try {
    await WORK[kind](name, on);
  } catch (thrown) {
    const fault = toFault(thrown, 'COS_UNREACHABLE');
    on.log.error('not swept', { kind, name, fault });
    // What cannot be read now cannot be read later.
    if (fault.code !== 'RECORD_UNREADABLE') await markDue(kind, name, on.now(), on);
  }
}

async function takeUpAgain(digest: string, on: On): Promise<void> {
  const entry = await readStep(digest, on);
  if (!entry || !isDue(entry, on.now())) return;
  const source = await on.objects.head(entry.source);
  const plan = source && (await planOf(entry, source, on));
  const because = reasonToBury(entry, source, plan ?? { steps: [] });
  const step = plan?.steps.find(({ id }) => id === entry.step.id);
  if (because) await giveUp(entry, because, on);
  else if (source && step) await submit(source, [step], on);
}

/** A step comes of the rules, or of a template that a caller named. */
async function planOf({ step }: Entry, source: Source, on: On): Promise<Plan> {
  const named = on.rules.templates
    .filter((template) => titleOf(template) === step.template)
    .map(ruleForTemplate)
    .filter(({ name }) => name === step.rule);
  return planSource(source, named.length > 0 ? named : on.rules.rules, on);
}
