import { bucketName } from './bucket-name.ts';
import { replacesItsSource } from './example-source.ts';
import { fewEnough, type Wish } from './few-enough.ts';
import { coarser, dotted } from './fewer-windows.ts';
import { type Effort, keyMeeting } from './key-meeting.ts';
import { ACROSS, text } from './key-shape.ts';
import { type Place, type Places, RECORD_SUFFIX } from './places.ts';
import type { Rule } from './rule.ts';
import { refusalsOf, TRIGGERS_PER_FUNCTION, type Trigger } from './trigger.ts';
import { covers, type Window, windowsMeet, windowsOf } from './window.ts';
import {
  type OutputRef,
  readsFrom,
  sourceNames,
  stores,
  type Writer,
  writersOf,
  writesTo,
} from './writer.ts';

/** Why the triggers would fire for what no person uploaded, or cannot be made. */
type TriggerProblem =
  /** Every record Darkroom keeps would call the function again. */
  | { readonly because: 'covers-state'; readonly trigger: Trigger; readonly prefix: string }
  /** Each of its own outputs would call the function again, in vain. */
  | {
      readonly because: 'covers-target';
      readonly trigger: Trigger;
      readonly from: OutputRef;
      readonly example: string | undefined;
    }
  /** Each bucket needs one at least, and there are more buckets than a function may have triggers. */
  | { readonly because: 'too-many'; readonly region: string; readonly triggers: number };

export interface Triggers {
  /** By bucket, in the order of the settings. */
  readonly triggers: readonly Trigger[];
  readonly problems: readonly TriggerProblem[];
}

/** More windows than this are cut short first: only a few triggers can come of them anyway. */
const MANY = 60;

/** Characters tried before what cannot be ruled out is said to be so. */
const EFFORT = 1_000_000;

/**
 * The narrowest triggers that fire once for every upload some rule could make something of: no two overlap,
 * and no function gets more than the service allows. Where rules ask for more, those are made one
 * that are likely to add the fewest needless events.
 */
export function triggersFor(
  rules: readonly Rule[],
  places: Pick<Places, 'sources' | 'state'>,
): Triggers {
  const names = sourceNames(rules, places);
  // What is only rendered at download waits for no upload.
  const storing = rules
    .filter((rule) => rule.enabled && stores(rule))
    .map((rule) => ({ rule, windows: wantedBy(rule) }));
  const writers = writersOf(rules).filter((writer) => !replacesItsSource(writer));
  const into = (place: Place) =>
    writers.filter((writer) => writesTo(writer, names).includes(bucketName(place.bucket)));
  const rulesFor = (place: Place) =>
    storing.filter(({ rule }) => readsFrom(rule, names).includes(bucketName(place.bucket)));

  const wishFor = (place: Place): Wish => ({
    wanted: coarser(
      rulesFor(place).flatMap(({ windows }) => windows),
      MANY,
    ),
    unwanted: coarser([...recordsIn(place, places), ...into(place).flatMap(targetsOf)], MANY),
  });
  const triggers = byRegion(places.sources).flatMap((region) => {
    const lists = fewEnough(region.map(wishFor), TRIGGERS_PER_FUNCTION);
    return region.flatMap((place, at) =>
      [...(lists[at] ?? [])].sort(inOrder).map(
        (window): Trigger => ({
          ...place,
          ...window,
          rules: rulesFor(place)
            .filter(({ windows }) => windows.some((one) => covers(window, one)))
            .map(({ rule }) => rule.name),
        }),
      ),
    );
  });
  return {
    triggers,
    problems: [
      ...tooMany(triggers),
      ...overState(triggers, places),
      ...overTargets(triggers, into),
    ],
  };
}

function wantedBy({ when }: Rule): readonly Window[] {
  return windowsOf(when).map(({ prefix, suffix }) => ({ prefix, suffix: dotted(suffix) }));
}

function recordsIn({ bucket }: Place, { state }: Pick<Places, 'state'>): readonly Window[] {
  return bucket === state.bucket ? [{ prefix: state.prefix, suffix: RECORD_SUFFIX }] : [];
}

function targetsOf({ targets }: Writer): readonly Window[] {
  return targets;
}

/** A trigger and its bucket are in one region, so each region has a function of its own. */
function byRegion(sources: readonly Place[]): readonly (readonly Place[])[] {
  const regions = [...new Set(sources.map(({ region }) => region))];
  return regions.map((name) => sources.filter(({ region }) => region === name));
}

function inOrder(one: Window, other: Window): number {
  const [mine, theirs] = [one, other].map(({ prefix, suffix }) => `${prefix} ${suffix}`);
  return (mine ?? '') < (theirs ?? '') ? -1 : 1;
}

function tooMany(triggers: readonly Trigger[]): readonly TriggerProblem[] {
  return refusalsOf(triggers).filter((refusal) => refusal.because === 'too-many');
}

function overState(
  triggers: readonly Trigger[],
  places: Pick<Places, 'state'>,
): readonly TriggerProblem[] {
  const { prefix } = places.state;
  return triggers
    .filter((trigger) =>
      recordsIn(trigger, places).some((records) => windowsMeet(records, trigger)),
    )
    .map((trigger) => ({ because: 'covers-state', trigger, prefix }));
}

/** At most one problem for each output: the first trigger it would fire. */
function overTargets(
  triggers: readonly Trigger[],
  into: (place: Place) => readonly Writer[],
): readonly TriggerProblem[] {
  const effort: Effort = { left: EFFORT };
  const problems = new Map<Writer, TriggerProblem>();
  for (const trigger of triggers) {
    const fires = [
      [...text(trigger.prefix), ACROSS],
      [ACROSS, ...text(trigger.suffix)],
    ];
    for (const writer of into(trigger)) {
      if (problems.has(writer)) continue;
      const meeting = keyMeeting([writer.shape, ...fires], [], effort);
      if (meeting === 'never') continue;
      const example = typeof meeting === 'object' ? meeting.key : undefined;
      problems.set(writer, { because: 'covers-target', trigger, from: writer.ref, example });
    }
  }
  return [...problems.values()];
}
