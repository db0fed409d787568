import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../../local/engine/engine.ts';
import { admin } from '../../engine/asking.ts';
import { BUCKET, ended, JOB, receiver } from './bench-of-callbacks.ts';

let engine: Engine;
let hook: Awaited<ReturnType<typeof receiver>>;
beforeEach(async () => {
  engine = await startEngine({ port: 0, buckets: [BUCKET], allowPrivateFetch: true });
  hook = await receiver(500, 200);
});
afterEach(async () => {
  hook.close();
  await engine.stop();
});

async function end(job = ended({ callback: { url: hook.url } })) {
  await engine.storage.write(engine.callbacks.writesFor(job));
  engine.callbacks.wake();
  await admin(engine, 'POST /callbacks/settle');
}

const callbacks = async (query = '') =>
  (await admin(engine, `GET /callbacks${query}`)).is.callbacks;

describe('the inbox', () => {
  test('has what was sent and what the receiver said', async () => {
    await end();
    expect(await callbacks()).toMatchObject([
      {
        id: `${JOB}.Success`,
        job: JOB,
        bucket: BUCKET,
        state: 'waiting',
        target: { to: 'address', url: hook.url },
        format: 'XML',
        body: hook.received[0]?.body,
        tries: [{ outcome: 'answered', status: 500, text: 'said 500' }],
      },
    ]);
    expect(await callbacks('?state=delivered')).toEqual([]);
    expect(await callbacks(`?job=${JOB}&limit=1`)).toHaveLength(1);
    expect(await callbacks('?bucket=other-1250000000')).toEqual([]);
    expect(await callbacks('?topic=ended')).toEqual([]);
  });

  test('goes on when the clock is moved', async () => {
    await end();
    await admin(engine, 'POST /clock/advance', { ms: 3_600_000 });
    await expect.poll(() => callbacks('?state=delivered')).toHaveLength(1);
    expect(hook.received).toHaveLength(2);
  });

  test('sends one again', async () => {
    await end();
    const path = `POST /callbacks/${JOB}.Success/replay`;
    expect((await admin(engine, path)).is).toEqual({ replayed: `${JOB}.Success` });
    expect((await admin(engine, 'POST /callbacks/settle')).is).toEqual({ settled: true });
    expect(await callbacks()).toMatchObject([{ state: 'delivered', tries: [{}, { status: 200 }] }]);
    expect((await admin(engine, 'POST /callbacks/none/replay')).status).toBe(404);
  });

  test('does not send one again that is on its way', async () => {
    const silent = await receiver(() => {});
    const ending = end(ended({ callback: { url: silent.url } }));
    await expect.poll(() => silent.received).toHaveLength(1);
    const { status } = await admin(engine, `POST /callbacks/${JOB}.Success/replay`);
    expect(status).toBe(409);
    silent.close();
    await ending;
  });

  test('makes callbacks late, twice or never when it is told to', async () => {
    const settings = { delayMs: 60_000, duplicatePercent: 1, losePercent: 100 };
    expect((await admin(engine, 'PATCH /callback-delivery', settings)).is).toEqual(settings);
    expect((await admin(engine, 'GET /callback-delivery')).is).toEqual(settings);
    await end();
    expect(await callbacks()).toMatchObject([{ state: 'waiting', tries: [] }]);
    await admin(engine, 'POST /clock/advance', { ms: 60_000 });
    await expect.poll(() => callbacks('?state=lost')).toHaveLength(1);
    expect(hook.received).toEqual([]);
  });

  test('has the messages of a topic', async () => {
    const queue = { region: 'gz', mode: 'Topic', name: 'the ended' };
    await end(ended({ callback: { type: 'TDMQ', queue } }));
    const path = 'GET /topics/the%20ended/messages';
    const { is } = await admin(engine, path);
    expect(is.messages).toMatchObject([{ state: 'waiting', event: { Records: [{}] } }]);
    const wrapped = await admin(engine, `${path}?envelope=EventBridge&limit=1`);
    expect(wrapped.is.messages).toMatchObject([{ event: { type: 'connector:tdmq' } }]);
    expect((await admin(engine, `${path}?envelope=Paper`)).status).toBe(400);
  });

  test('follows the snapshots', async () => {
    await admin(engine, 'PUT /snapshots/empty');
    await end();
    await admin(engine, 'PUT /snapshots/one');
    await admin(engine, 'POST /snapshots/empty/load');
    expect(await callbacks()).toEqual([]);
    await admin(engine, 'POST /clock/advance', { ms: 3_600_000 });
    await admin(engine, 'POST /callbacks/settle');
    expect(hook.received).toHaveLength(1);
    await admin(engine, 'POST /snapshots/one/load');
    await expect.poll(() => callbacks('?state=delivered')).toHaveLength(1);
  });
});

test('an engine that stops does not wait for receivers', async () => {
  const silent = await receiver(() => {});
  const other = await startEngine({ port: 0, buckets: [BUCKET], allowPrivateFetch: true });
  await other.storage.write(other.callbacks.writesFor(ended({ callback: { url: silent.url } })));
  other.callbacks.wake();
  await expect.poll(() => silent.received).toHaveLength(1);
  await other.stop();
  silent.close();
});

test('an engine can be told to try each callback once', async () => {
  const once = await startEngine({
    ...{ port: 0, buckets: [BUCKET], allowPrivateFetch: true },
    switches: { callbacksTriedOnce: true },
  });
  const failing = await receiver(500);
  await once.storage.write(once.callbacks.writesFor(ended({ callback: { url: failing.url } })));
  once.callbacks.wake();
  await once.callbacks.idle();
  expect(once.callbacks.list()).toMatchObject([{ state: 'given-up', tries: [{ status: 500 }] }]);
  await once.stop();
  failing.close();
});
