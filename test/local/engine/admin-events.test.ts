import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import type { JsonObject } from '../../../shared/wire/json.ts';
import { admin, BUCKET, signed } from './asking.ts';

const HOUR = 3_600_000;
const toListener = { events: ['cos:ObjectCreated:*'], subscriber: 'listener' };

let engine: Engine;
let heard: JsonObject[];
let takes: 'ok' | { error: 'throttled'; message: string };
beforeAll(async () => {
  engine = await startEngine({ port: 0, buckets: [BUCKET] });
  engine.events.subscribe('listener', async (event) => {
    heard.push(event);
    return takes;
  });
});
beforeEach(async () => {
  heard = [];
  takes = 'ok';
  const usual = { deliveryDelayMs: 0, duplicatePercent: 0, reorder: false };
  await admin(engine, 'PATCH /delivery', usual);
  await admin(engine, 'POST /reset');
  await admin(engine, `PUT /notifications/${BUCKET}/created`, toListener);
});
afterAll(() => engine.stop());

const put = (key: string) => signed(engine, 'PUT', key, { body: key });
const settle = () => admin(engine, 'POST /events/settle');
const events = async (query = '') => (await admin(engine, `GET /events${query}`)).is.events;

describe('events', () => {
  test('are listed with what became of them, newest first', async () => {
    await put('a.jpg');
    await put('b.jpg');
    expect((await settle()).is).toEqual({ settled: true });
    const listed = await events();
    expect(listed).toMatchObject([
      { state: 'delivered', tries: 1, event: { object: { key: 'b.jpg' } } },
      { state: 'delivered', tries: 1, event: { object: { key: 'a.jpg' } } },
    ]);
    expect(await events('?state=waiting')).toEqual([]);
    expect(await events('?limit=1')).toHaveLength(1);
    expect(await events('?bucket=other-1250000000')).toEqual([]);
    expect(await events('?subscriber=listener')).toHaveLength(2);
  });

  test('are delivered once more, as the same event or as one more', async () => {
    await put('a.jpg');
    await settle();
    const [{ id }] = await events();
    expect((await admin(engine, `POST /events/${id}/replay`)).is).toEqual({ replayed: id });
    await settle();
    expect(await events()).toHaveLength(1);
    const { is } = await admin(engine, `POST /events/${id}/duplicate`);
    await settle();
    expect((await events()).map((event: { id: string }) => event.id)).toEqual([is.id, id]);
    expect(heard).toHaveLength(3);
    expect(heard[1]).toEqual(heard[0]);
  });

  test('are tried again when the clock is moved, and not before', async () => {
    takes = { error: 'throttled', message: 'busy' };
    await put('a.jpg');
    await settle();
    expect(await events()).toMatchObject([{ state: 'waiting', lastError: { message: 'busy' } }]);
    takes = 'ok';
    await admin(engine, 'POST /clock/advance', { ms: 60_000 });
    await expect.poll(() => heard).toHaveLength(2);
    await settle();
    expect(await events()).toMatchObject([{ state: 'delivered', tries: 2 }]);
  });

  test('come late where that was asked for', async () => {
    const { is } = await admin(engine, 'PATCH /delivery', { deliveryDelayMs: HOUR });
    expect(is).toEqual({ deliveryDelayMs: HOUR, duplicatePercent: 0, reorder: false });
    await put('a.jpg');
    await settle();
    expect(heard).toEqual([]);
    await admin(engine, 'POST /clock/advance', { ms: HOUR });
    await expect.poll(() => heard).toHaveLength(1);
  });

  test('come twice where that was asked for', async () => {
    await admin(engine, 'PATCH /delivery', { duplicatePercent: 100 });
    expect((await admin(engine, 'GET /delivery')).is.duplicatePercent).toBe(100);
    await put('a.jpg');
    await settle();
    expect(heard).toHaveLength(2);
  });
});

describe('notifications', () => {
  test('are listed, replaced and ended', async () => {
    const narrower = { ...toListener, prefix: 'in/', suffix: '.jpg', enabled: false };
    await admin(engine, `PUT /notifications/${BUCKET}/created`, narrower);
    const { is } = await admin(engine, 'GET /notifications');
    expect(is.notifications).toEqual([{ ...narrower, id: 'created', bucket: BUCKET }]);
    await admin(engine, `DELETE /notifications/${BUCKET}/created`);
    await put('in/a.jpg');
    await settle();
    expect(await events()).toEqual([]);
  });

  test('that overlap are refused with the code of the service', async () => {
    const { status, is } = await admin(engine, `PUT /notifications/${BUCKET}/more`, {
      ...toListener,
      prefix: 'in/',
    });
    expect(status).toBe(409);
    expect(is.error.message).toMatch(/^NotifyRulePrefixConflict: .*"created"/);
    expect((await admin(engine, 'GET /notifications')).is.notifications).toHaveLength(1);
  });

  test('are of a bucket that is there, and name events that there are', async () => {
    const nowhere = await admin(engine, 'PUT /notifications/none-1250000000/x', toListener);
    expect(nowhere.status).toBe(404);
    const unknown = { ...toListener, events: ['cos:ObjectPainted:*'] };
    const { is } = await admin(engine, `PUT /notifications/${BUCKET}/x`, unknown);
    expect(is.error.message).toContain('"cos:ObjectPainted:*" is no event');
  });
});
