import { BEIJING_MS, nextFiring, readCron } from '../shared/core/cron.ts';
import { windowsMeet } from '../shared/plan/window.ts';
import type { FoundFunction, FoundTrigger } from './account.ts';
import type { Note } from './change.ts';
import { readTrigger } from './found-trigger.ts';
import type { FunctionSpec, TriggerSpec } from './model.ts';
import type { FunctionPlace } from './read-account.ts';
import type { Step } from './step.ts';

export interface TriggerChanges {
  readonly lines: readonly string[];
  readonly notes: readonly Note[];
  readonly steps: readonly Step[];
}

/** Kinds that a deployment makes; what else calls a function was somebody's wish, and stays. */
const KINDS = ['cos', 'timer', 'http'];

/** What has to happen to the triggers of a function: all of them are new where there is no function. */
export function planTriggers(
  spec: FunctionSpec,
  found: FoundFunction | undefined,
  place: FunctionPlace,
  now: number,
): TriggerChanges {
  const there = (found?.triggers ?? []).filter(({ type }) => KINDS.includes(type));
  const asWanted = (trigger: FoundTrigger) => {
    const read = trigger.enabled ? readTrigger(trigger) : undefined;
    return read && spec.triggers.find((wanted) => same(read, wanted));
  };
  const kept = new Map<TriggerSpec, FoundTrigger>();
  for (const trigger of there) {
    const wanted = asWanted(trigger);
    if (wanted && !kept.has(wanted)) kept.set(wanted, trigger);
  }
  const missing = spec.triggers.filter((wanted) => !kept.has(wanted));
  const extra = there.filter((trigger) => ![...kept.values()].includes(trigger));

  // A trigger of a bucket can only be made anew; the others are changed under their names.
  const rewritten = missing.flatMap((wanted) => {
    const before = extra.find(({ type, name }) => {
      if (type !== wanted.type || wanted.type === 'cos') return false;
      return name === wanted.name;
    });
    return before ? [{ wanted, before }] : [];
  });
  const removed = extra.filter((one) => !rewritten.some(({ before }) => before === one));
  const created = missing.filter((one) => !rewritten.some(({ wanted }) => wanted === one));
  return {
    lines: [
      ...removed.map((trigger) => `- ${sayFound(trigger)}`),
      ...rewritten.flatMap(({ wanted }) => [
        `~ ${sayTrigger(wanted)}`,
        ...firingLines(wanted, now),
      ]),
      ...created.flatMap((wanted) => [`+ ${sayTrigger(wanted)}`, ...firingLines(wanted, now)]),
    ],
    notes: [...gapNotes(removed, created), ...[...created].flatMap(costNotes)],
    steps: [
      ...removed.map((trigger) => ({ does: 'delete-trigger', place, trigger }) as const),
      ...rewritten.map(
        ({ wanted }) => ({ does: 'write-trigger', place, trigger: wanted }) as const,
      ),
      ...created.map((trigger) => ({ does: 'create-trigger', place, trigger }) as const),
    ],
  };
}

function same(one: TriggerSpec, other: TriggerSpec): boolean {
  return JSON.stringify(parts(one)) === JSON.stringify(parts(other));
}

function parts(trigger: TriggerSpec): readonly string[] {
  switch (trigger.type) {
    case 'cos':
      return [trigger.type, trigger.bucket, trigger.prefix, trigger.suffix];
    case 'timer':
      return [trigger.type, trigger.name, trigger.cron, trigger.message];
    case 'http':
      return [trigger.type, trigger.name, trigger.auth];
  }
}

function sayTrigger(trigger: TriggerSpec): string {
  switch (trigger.type) {
    case 'cos':
      return `uploads of ${trigger.bucket}/${trigger.prefix}*${trigger.suffix}`;
    case 'timer':
      return `timer ${trigger.name}: ${trigger.cron}`;
    case 'http':
      return `address, open to ${trigger.auth === 'CAM' ? 'callers who sign for the account' : 'everybody; the function looks who it is'}`;
  }
}

function sayFound(trigger: FoundTrigger): string {
  const read = readTrigger(trigger);
  const off = trigger.enabled ? '' : ', which is switched off';
  return read ? `${sayTrigger(read)}${off}` : `${trigger.type} trigger ${trigger.name}${off}`;
}

/** Whether the platform reads its lines in Beijing's time nobody confirms, so both are said. */
function firingLines(trigger: TriggerSpec, now: number): readonly string[] {
  const read = trigger.type === 'timer' ? readCron(trigger.cron) : undefined;
  if (!read?.ok) return [];
  const times: string[] = [];
  let after = now;
  while (times.length < 3) {
    const next = nextFiring(read.cron, after);
    if (next === undefined) break;
    times.push(`${clock(next + BEIJING_MS)} in Beijing is ${clock(next)} UTC`);
    after = next;
  }
  return times.map((time) => `    next: ${time}`);
}

function clock(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

function gapNotes(
  removed: readonly FoundTrigger[],
  created: readonly TriggerSpec[],
): readonly Note[] {
  const gone = removed.flatMap((trigger) => readTrigger(trigger) ?? []);
  const gap = created.some(
    (one) =>
      one.type === 'cos' &&
      gone.some(
        (other) => other.type === 'cos' && other.bucket === one.bucket && windowsMeet(one, other),
      ),
  );
  if (!gap) return [];
  return [
    {
      about: 'gap',
      says: 'a trigger of a bucket is removed and made anew: for a second or so uploads are not heard. The next backfill finds them',
    },
  ];
}

function costNotes(trigger: TriggerSpec): readonly Note[] {
  const read = trigger.type === 'timer' ? readCron(trigger.cron) : undefined;
  if (!read?.ok || trigger.type !== 'timer') return [];
  const { hours, minutes, seconds } = read.cron;
  const times = hours.length * minutes.length * seconds.length;
  if (times < 24) return [];
  return [{ about: 'cost', says: `the timer ${trigger.name} calls it ${times} times a day` }];
}
