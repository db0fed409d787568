import { readRecord } from '../progress/record.ts';
import type { Suite } from './ports.ts';
import { recordName } from './record-names.ts';

/** No invocation of ours lives longer; what says it is held for longer was written by a wrong clock. */
const LONGEST_HOLD_MS = 15 * 60_000;

/**
 * Does this unless another invocation of the timer is at it: ticks may overlap. It only spares double
 * work. Two that begin at once both go on, and nothing comes of that but questions asked twice.
 */
export async function unlessHeld(
  what: 'sweep' | 'backfills',
  { records, now, deadline }: Pick<Suite, 'records' | 'now' | 'deadline'>,
  work: () => Promise<void>,
): Promise<void> {
  const name = recordName('sweep', 'held', what);
  const text = await records.read(name);
  const until = text === undefined ? 0 : readRecord(text, 'hold').time('until');
  if (until > now() && until <= now() + LONGEST_HOLD_MS) return;
  await records.write(name, JSON.stringify({ until: now() + deadline.leftMs() }));
  try {
    await work();
  } finally {
    await records.write(name, JSON.stringify({ until: 0 }));
  }
}
