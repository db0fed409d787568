import { allOver } from '../core/all-over.ts';
import { toFault } from '../core/fault.ts';
import type { Backfill } from '../progress/backfill.ts';
import {
  advance,
  type Checkpoint,
  halfway,
  type PageOutcome,
  reasonToRest,
} from '../progress/checkpoint.ts';
import type { Receipt } from '../progress/receipt.ts';
import { atOnce } from './at-once.ts';
import { comeBackTo, loadCheckpoint, readOrder, saveCheckpoint } from './backfills.ts';
import type { Page } from './ports.ts';
import { processObject } from './process-object.ts';
import type { SubmitOn } from './submit.ts';

const OBJECTS_A_PAGE = 200;
/** A page is not begun with less time than this left, and an object not with less than that. */
const ROOM_FOR_PAGE_MS = 10_000;
const ROOM_FOR_OBJECT_MS = 5_000;

/**
 * One slice of a backfill: pages, until time is short, the backfill has to rest, or somebody else saved
 * a checkpoint. It never starts the next slice: the timer does.
 */
export async function runSlice(name: string, on: SubmitOn): Promise<Checkpoint | undefined> {
  const [order, start] = await allOver([readOrder(name, on), loadCheckpoint(name, on)]);
  if (!order || !start) return undefined;
  if (start.state === 'running') await comeBackTo(start, on);

  let checkpoint = start;
  while (!reasonToRest(checkpoint, on.now()) && on.deadline.leavesRoomFor(ROOM_FOR_PAGE_MS)) {
    const page = await on.objects.list(order, {
      prefix: order.prefix,
      cursor: checkpoint.cursor,
      limit: OBJECTS_A_PAGE,
    });
    const { receipts, unread, inTime } = await processPage(page, order, on);
    const seen = page.objects.length;
    const next = inTime
      ? advance(checkpoint, { seen, receipts, unread, next: page.next })
      : halfway(checkpoint, receipts);
    if (next === checkpoint) break;
    if (!(await saveCheckpoint(checkpoint, next, on))) {
      on.log.warn('slice overtaken', { backfill: name, cursor: checkpoint.cursor });
      break;
    }
    const { state, submitted, failed, cursor, tries } = next;
    on.log.info('page', {
      backfill: name,
      state,
      seen: next.seen,
      submitted,
      failed,
      cursor,
      tries,
    });
    // What keeps us at a page needs time: more of it, or some to pass.
    const stays = !inTime || next.tries > 0;
    checkpoint = next;
    if (stays) break;
  }
  if (checkpoint.state === 'running' && checkpoint.restUntil > on.now()) {
    await comeBackTo(checkpoint, on);
  }
  return checkpoint;
}

/** What came of each object; not of all of them when time ran out. One that goes wrong stops no other. */
async function processPage(
  { objects }: Page,
  { name, rules: named, budget }: Backfill,
  on: SubmitOn,
): Promise<Omit<PageOutcome, 'seen' | 'next'> & { readonly inTime: boolean }> {
  const { rules, limits } = on.rules;
  const chosen = named.length === 0 ? rules : rules.filter((rule) => named.includes(rule.name));
  const receipts: Receipt[] = [];
  let unread = 0;
  let inTime = true;
  await atOnce(objects, limits.inFlight, async (object) => {
    inTime &&= on.deadline.leavesRoomFor(ROOM_FOR_OBJECT_MS);
    if (!inTime) return;
    try {
      receipts.push(...(await processObject(object, chosen, on, { backfill: { name, budget } })));
    } catch (thrown) {
      unread += 1;
      const fault = toFault(thrown, 'COS_UNREACHABLE');
      on.log.error('not processed', { key: object.key, fault });
    }
  });
  return { receipts, unread, inTime };
}
