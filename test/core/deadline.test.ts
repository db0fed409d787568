import { expect, test } from 'vitest';
import { Deadline } from '../../shared/core/deadline.ts';

test('a deadline keeps its reserve free', () => {
  let now = 1000;
  const deadline = new Deadline(60_000, 5000, () => now);

  expect(deadline.leavesRoomFor(55_000)).toBe(true);
  expect(deadline.leavesRoomFor(55_001)).toBe(false);
  expect(deadline.leftMs()).toBe(55_000);

  now += 50_000;
  expect(deadline.leavesRoomFor(5000)).toBe(true);
  expect(deadline.leavesRoomFor(5001)).toBe(false);

  now += 20_000;
  expect(deadline.leavesRoomFor(0)).toBe(false);
  expect(deadline.leftMs()).toBe(0);
});
