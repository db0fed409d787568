import { allOver } from '../core/all-over.ts';

/** Does this to each, so many at once; where it went wrong for one, it throws when all are over. */
export async function atOnce<T>(
  things: readonly T[],
  most: number,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  const rest = things.values();
  const worker = async () => {
    for (const thing of rest) await work(thing);
  };
  const workers = Array.from({ length: Math.min(most, things.length) }, worker);
  await allOver(workers);
}
