import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { admin, BUCKET, signed } from './asking.ts';

const NEW_YEAR = Date.UTC(2030, 0, 1);
const HOUR = 3_600_000;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ port: 0, buckets: [BUCKET] });
});
beforeEach(async () => {
  await admin(engine, 'POST /clock/freeze');
  await admin(engine, 'PUT /clock', { to: '2030-01-01T00:00:00Z' });
});
afterAll(() => engine.stop());

test('it says which time it is, and whether it stands still', async () => {
  const { is } = await admin(engine, 'GET /clock');
  expect(is).toEqual({ now: '2030-01-01T00:00:00.000Z', ms: NEW_YEAR, frozen: true });
});

test('all answers carry the time it was set to', async () => {
  const { headers } = await signed(engine, 'GET', '');
  expect(headers['date']).toBe('Tue, 01 Jan 2030 00:00:00 GMT');
});

test('an object is as old as the clock says', async () => {
  await signed(engine, 'PUT', 'mug.jpg', { body: 'mug' });
  await admin(engine, 'POST /clock/advance', { ms: HOUR });
  await signed(engine, 'PUT', 'cup.jpg', { body: 'cup' });
  const modified = async (key: string) =>
    (await signed(engine, 'HEAD', key)).headers['last-modified'];
  expect(await modified('mug.jpg')).toBe('Tue, 01 Jan 2030 00:00:00 GMT');
  expect(await modified('cup.jpg')).toBe('Tue, 01 Jan 2030 01:00:00 GMT');
});

test('a temporary key ends when the clock is moved past its end', async () => {
  const { is: key } = await admin(engine, 'POST /temporary-keys', { seconds: 3600 });
  expect(key.expires).toBe('2030-01-01T01:00:00.000Z');
  expect((await signed(engine, 'PUT', 'in.jpg', { as: key, body: 'x' })).status).toBe(200);
  await admin(engine, 'POST /clock/advance', { ms: HOUR });
  const late = await signed(engine, 'PUT', 'in.jpg', { as: key, body: 'x' });
  expect(late.text).toContain('<Code>ExpiredToken</Code>');
});

test('it can be set back, and goes no further than the formats that name a time', async () => {
  await admin(engine, 'PUT /clock', { to: 0 });
  expect((await admin(engine, 'GET /clock')).is.now).toBe('1970-01-01T00:00:00.000Z');
  expect((await admin(engine, 'POST /clock/advance', { ms: -1 })).status).toBe(400);
  expect(engine.clock.now()).toBe(0);
});

test('thawed, it goes on from where it stood', async () => {
  const { is } = await admin(engine, 'POST /clock/thaw');
  expect(is.frozen).toBe(false);
  expect(is.ms - NEW_YEAR).toBeLessThan(60_000);
  expect(is.ms).toBeGreaterThanOrEqual(NEW_YEAR);
});
