import { beginScheduled } from '../../shared/run/begin-scheduled.ts';
import type { Suite } from '../../shared/run/ports.ts';
import { carryOutRun } from '../../shared/run/runs.ts';
import { tick } from '../../shared/run/tick.ts';
import { readJson } from '../../shared/wire/json.ts';
import { isJsonObject, textIn } from '../../shared/wire/json-object.ts';
import { readRunEvent } from '../../shared/wire/run-event.ts';
import { readTimerEvent } from '../../shared/wire/timer-event.ts';

/**
 * A schedule's tick begins its backfills; each tick is one slice of whatever is to be done. Invoked for
 * one stored run, it carries out that one alone: should it go wrong, the tick comes to it.
 */
export async function reprocess(event: unknown, suite: Suite): Promise<void> {
  const run = readRunEvent(event);
  if (run !== undefined) return void (await carryOutRun(run, suite));
  const { message, at = suite.now() } = readTimerEvent(event);
  const schedule = scheduleIn(message);
  if (schedule !== undefined) await beginScheduled(schedule, at, suite);
  await tick(suite);
}

/** A timer of a schedule passes on `{"schedule":"nightly"}`; the one that just ticks, nothing. */
function scheduleIn(message: string): string | undefined {
  const said = message.trim() === '' ? undefined : readJson(message);
  return isJsonObject(said) ? textIn(said, 'schedule') : undefined;
}
