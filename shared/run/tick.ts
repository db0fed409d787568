import { goOnFrom, listDue } from './agenda.ts';
import { unlessHeld } from './hold.ts';
import { seeTo, sweep } from './sweep.ts';

type On = Parameters<typeof sweep>[0];

/** One tick of the timer: what nobody else comes back to, then a slice of each backfill that is due. */
export async function tick(on: On): Promise<void> {
  await unlessHeld('sweep', on, () => sweep(on));
  await unlessHeld('backfills', on, async () => {
    const due = await listDue('backfills', on);
    for (const name of due.names) await seeTo('backfills', name, on);
    await goOnFrom('backfills', due.place, on);
  });
}
