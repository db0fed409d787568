import type { ObjectRef, Source } from '../../shared/core/object-ref.ts';
import { borrowedBy, borrowedName } from '../../shared/plan/borrowed.ts';
import { makePlan } from '../../shared/plan/make-plan.ts';
import { couldMatch } from '../../shared/plan/matcher.ts';
import type { Place } from '../../shared/plan/places.ts';
import type { Rule } from '../../shared/plan/rule.ts';
import type { Objects } from '../../shared/run/ports.ts';

/** An output that the rules ask for. */
export interface Wanted {
  readonly source: ObjectRef;
  readonly target: ObjectRef;
  /** Not so where nothing is at the target, or something older than the source. */
  readonly isThere: boolean;
}

const PAGE = 1000;
/** This is for a laptop; whoever has more starts a backfill. */
const MOST_OBJECTS = 10_000;

/** All that is to be made of the objects that are there. Nobody but the storage is asked. */
export async function wantedOutputs(
  rules: readonly Rule[],
  places: readonly Place[],
  objects: Objects,
): Promise<readonly Wanted[]> {
  const wanted: Wanted[] = [];
  for (const place of places) {
    for await (const object of objectsIn(place, objects)) {
      if (!couldMatch(rules, object)) continue;
      const source = await objects.head(object);
      if (!source) continue;
      for (const target of await targetsOf(source, rules, objects)) {
        const output = await objects.head(target);
        const isThere = output !== undefined && output.modified >= source.modified;
        wanted.push({ source, target, isThere });
      }
    }
  }
  return wanted;
}

async function* objectsIn(place: Place, objects: Objects): AsyncGenerator<ObjectRef> {
  let cursor: string | undefined = '';
  for (let seen = 0; cursor !== undefined && seen < MOST_OBJECTS; seen += PAGE) {
    const page = await objects.list(place, { prefix: '', cursor, limit: PAGE });
    yield* page.objects;
    cursor = page.next;
  }
}

async function targetsOf(
  source: Source,
  rules: readonly Rule[],
  objects: Objects,
): Promise<readonly ObjectRef[]> {
  const borrowed = await Promise.all(
    borrowedBy(rules, source).map(
      async (object) => [borrowedName(object), (await objects.head(object))?.etag] as const,
    ),
  );
  const facts = { writtenByUs: false, borrowed: Object.fromEntries(borrowed) };
  return makePlan(rules, source, facts).steps.map(({ target }) => target);
}
