import { expect, test } from 'vitest';
import { IN_FLIGHT } from '../../bench/backfill/account.ts';
import { backfillWithKills } from '../../bench/backfill/backfill-with-kills.ts';

test('a backfill whose function is killed again and again ends, and a second one pays for nothing', async () => {
  const [objects, kills] = [300, 2];
  const report = await backfillWithKills({ objects, kills, seed: 2 });
  const { first, second, outputs, rssMb, records } = report;

  expect(report.kills).toBe(kills);
  expect(first.checkpoint).toMatchObject({ state: 'finished', seen: objects });
  expect(outputs).toBe(objects);
  // Only what was under way when it was killed may be asked for twice.
  expect(first.processed).toBeGreaterThanOrEqual(objects);
  expect(first.processed).toBeLessThanOrEqual(objects + kills * IN_FLIGHT);
  expect(report.denied).toBe(0);

  expect(first.readings).toBeGreaterThan(kills);
  expect(first.wentBack).toBe(0);
  expect(rssMb.most).toBeLessThanOrEqual(120);
  // Where the timer is; everything else is dropped by a rule of the bucket when its time is over.
  expect(records.all).toBeGreaterThan(objects);
  expect(records.kept).toBeLessThan(10);

  expect(second.checkpoint).toMatchObject({ state: 'finished', seen: objects, submitted: 0 });
  expect(second.processed).toBe(0);
}, 60_000);
