import { describe, expect, test } from 'vitest';

import { openGate } from '../../shared/client/gate.ts';

/** A clock that moves only while somebody sleeps on it. */
function slowClock() {
  let time = 1_000_000;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => time,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        sleepers.push({ at: time + ms, wake });
      }),
    /** Wakes whoever is due, one after the other, until the time is come. */
    async until(at: number) {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        sleepers.sort((one, other) => one.at - other.at);
        const next = sleepers[0];
        if (!next || next.at > at) break;
        sleepers.shift();
        time = Math.max(time, next.at);
        next.wake();
      }
      time = at;
    },
  };
}

const HOUR_MS = 3_600_000;

describe('a gate', () => {
  test('lets through so many a second, and a few at once after a pause', async () => {
    const clock = slowClock();
    const gate = openGate({ requestsPerSecond: 50, inFlight: 1000 }, clock.now, clock.sleep);
    const start = clock.now();
    const through: number[] = [];
    const enter = async () => {
      if (await gate.enter('here', HOUR_MS)) through.push(clock.now() - start);
    };
    for (let count = 0; count < 500; count += 1) void enter();
    await clock.until(start + HOUR_MS);

    expect(through).toHaveLength(500);
    expect(through.filter((at) => at === 0)).toHaveLength(11);
    for (let second = 0; second < 9; second += 1) {
      const within = through.filter((at) => at > second * 1000 && at <= (second + 1) * 1000);
      expect(within.length).toBeLessThanOrEqual(51);
    }
    expect(through.at(-1)).toBeGreaterThan(9700);
  });

  test('lets so many in at once, the longest waiting first, each region by itself', async () => {
    const { now, sleep } = slowClock();
    const gate = openGate({ requestsPerSecond: 1000, inFlight: 2 }, now, sleep);
    const entered: string[] = [];
    const enter = async (name: string, region = 'here') => {
      if (await gate.enter(region, HOUR_MS)) entered.push(name);
    };
    const all = ['a', 'b', 'c', 'd'].map((name) => enter(name));
    await enter('elsewhere', 'there');
    expect(entered).toEqual(['a', 'b', 'elsewhere']);

    gate.leave('here');
    gate.leave('here');
    await Promise.all(all);
    expect(entered).toEqual(['a', 'b', 'elsewhere', 'c', 'd']);
  });

  test('tells at once who would wait too long, and keeps no place for them', async () => {
    const clock = slowClock();
    const gate = openGate({ requestsPerSecond: 0.1, inFlight: 1 }, clock.now, clock.sleep);

    expect(await gate.enter('here', 1000)).toBe(true);
    expect(await gate.enter('here', 10)).toBe(false);
    gate.leave('here');
    expect(await gate.enter('here', 1000)).toBe(false);
    const later = gate.enter('here', 60_000);
    await clock.until(clock.now() + 10_000);
    expect(await later).toBe(true);
  });

  test('lets nobody through while the service asks for a pause', async () => {
    const clock = slowClock();
    const gate = openGate({ requestsPerSecond: 50, inFlight: 10 }, clock.now, clock.sleep);
    gate.rest('here', 5000);
    const start = clock.now();
    const entered = gate.enter('here', HOUR_MS).then(() => clock.now() - start);

    await clock.until(start + 10_000);
    expect(await entered).toBe(5000);
    expect(await gate.enter('there', 0)).toBe(true);
  });
});
