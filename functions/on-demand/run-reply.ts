import type { Entry, EntryState } from '../../shared/progress/entry.ts';
import type { Run } from '../../shared/progress/run.ts';
import type { StepRef } from '../../shared/progress/step-ref.ts';
import type { Suite } from '../../shared/run/ports.ts';
import { stepsOfRun } from '../../shared/run/runs.ts';
import { stepReply, troubleReply } from './replies.ts';

/** A run, with each of its steps as the ledger has it by now. */
export async function runReply(run: Run, suite: Suite) {
  const { id, state, template, object, createdAt, steps, trouble } = run;
  const { bucket, region, key } = object;
  const entries = await stepsOfRun(run, suite);
  return {
    id,
    state,
    template,
    object: { bucket, region, key },
    createdAt: new Date(createdAt).toISOString(),
    ...(trouble ? { trouble: troubleReply(trouble) } : {}),
    steps: steps.map((step, index) => stepAsItStands(step, entries[index])),
  };
}

function stepAsItStands(step: StepRef, entry: Entry | undefined) {
  return {
    ...stepReply(step),
    ...(entry ? shown(entry.state) : { state: 'waiting' as const }),
    ...(entry?.trouble ? { trouble: troubleReply(entry.trouble) } : {}),
  };
}

function shown(state: EntryState) {
  return {
    state: state.is,
    ...('output' in state ? { output: state.output } : {}),
    ...('jobId' in state ? { jobId: state.jobId } : {}),
  };
}
