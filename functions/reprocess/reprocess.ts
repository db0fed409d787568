import { beginScheduled } from '../../shared/run/begin-scheduled.ts';
import type { Suite } from '../../shared/run/ports.ts';
import { tick } from '../../shared/run/tick.ts';
import { readJson } from '../../shared/wire/json.ts';
import { isJsonObject, textIn } from '../../shared/wire/json-object.ts';
import { readTimerEvent } from '../../shared/wire/timer-event.ts';

/** A schedule's tick begins its backfills; each tick is one slice of whatever is to be done. */
export async function reprocess(event: unknown, suite: Suite): Promise<void> {
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
