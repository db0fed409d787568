import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { engineClock } from '../../../local/server/clock.ts';

test('an untouched clock shows real time', () => {
  expect(engineClock(() => 1_000).now()).toBe(1_000);
});

test('a clock that was set goes on from there', () => {
  let real = 1_000;
  const clock = engineClock(() => real);
  clock.set(50_000);
  real += 5;
  expect(clock.now()).toBe(50_005);
});

test('a frozen clock stands, can be advanced, and goes on from where it stood', () => {
  let real = 1_000;
  const clock = engineClock(() => real);
  clock.freeze();
  real += 500;
  expect(clock.now()).toBe(1_000);
  clock.advance(60_000);
  expect(clock.now()).toBe(61_000);
  clock.thaw();
  real += 7;
  expect(clock.now()).toBe(61_007);
});

test('advancing the clock runs what became due, in the order of its time', async () => {
  const clock = engineClock();
  clock.freeze();
  const ran: string[] = [];
  clock.when(clock.now() + 2_000, () => ran.push('later'));
  clock.when(clock.now() + 1_000, () => ran.push('sooner'));
  clock.when(clock.now() + 9_000, () => ran.push('not yet'));
  clock.advance(5_000);
  await sleep(5);
  expect(ran).toEqual(['sooner', 'later']);
});

test('what was taken back does not run', async () => {
  const clock = engineClock();
  const ran: string[] = [];
  const takeBack = clock.when(clock.now() + 1_000, () => ran.push('ran'));
  takeBack();
  clock.advance(5_000);
  await sleep(5);
  expect(ran).toEqual([]);
});

test('real time passing runs what is due, and a frozen clock runs nothing', async () => {
  const clock = engineClock();
  const ran: string[] = [];
  clock.when(clock.now() + 1, () => ran.push('moving'));
  await sleep(30);
  clock.freeze();
  clock.when(clock.now() + 1, () => ran.push('frozen'));
  await sleep(30);
  expect(ran).toEqual(['moving']);
  clock.stop();
});
