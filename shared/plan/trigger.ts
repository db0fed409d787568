import type { Place } from './places.ts';
import { type Window, windowsMeet } from './window.ts';

/** One filter on the uploads of a bucket: keys that begin and end so. */
export interface Trigger extends Place, Window {
  /** Names of the rules it fires for. */
  readonly rules: readonly string[];
}

/** What the service allows one function; a function and its buckets are in one region. */
export const TRIGGERS_PER_FUNCTION = 10;

/** Why the service would not take these triggers of one function. */
export type Refusal =
  | { readonly because: 'too-many'; readonly region: string; readonly triggers: number }
  /** A suffix begins with a dot, or there is none. */
  | { readonly because: 'suffix-without-dot'; readonly trigger: Trigger }
  /** Of one bucket, and both the prefixes and the suffixes overlap. */
  | { readonly because: 'overlap'; readonly triggers: readonly [Trigger, Trigger] };

export function refusalsOf(triggers: readonly Trigger[]): readonly Refusal[] {
  const inRegions = new Map<string, number>();
  for (const { region } of triggers) inRegions.set(region, (inRegions.get(region) ?? 0) + 1);
  return [
    ...[...inRegions]
      .filter(([, count]) => count > TRIGGERS_PER_FUNCTION)
      .map(([region, count]) => ({ because: 'too-many', region, triggers: count }) as const),
    ...triggers.flatMap((trigger, at): readonly Refusal[] => {
      const dotless = trigger.suffix !== '' && !trigger.suffix.startsWith('.');
      const overlapping = triggers
        .slice(at + 1)
        .filter((other) => other.bucket === trigger.bucket && windowsMeet(other, trigger));
      return [
        ...(dotless ? [{ because: 'suffix-without-dot', trigger } as const] : []),
        ...overlapping.map(
          (other) => ({ because: 'overlap', triggers: [trigger, other] }) as const,
        ),
      ];
    }),
  ];
}
