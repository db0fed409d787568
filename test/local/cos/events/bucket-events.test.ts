import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeliveryOutcome } from '../../../../local/cos/events/after-try.ts';
import { openBucketEvents } from '../../../../local/cos/events/open-bucket-events.ts';
import { folderStorage } from '../../../../local/cos/storage/folder-storage.ts';
import type { Change } from '../../../../local/cos/storage/objects.ts';
import { engineClock } from '../../../../local/server/clock.ts';
import {
  answerLater,
  BUCKET,
  benchOfEvents,
  listener,
  MINUTE,
  namesIn,
  rule,
} from './bench-of-events.ts';
import { keyOf } from './key-of.ts';

const HOUR = 60 * MINUTE;

describe('rules', () => {
  test('survive a restart', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    await bench.restart();
    expect(bench.events.rules.all()).toEqual([rule()]);
  });

  test('that overlap are refused, and nothing changes', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    const refused = await bench.events.rules.add(rule({ id: 'more', prefix: 'in/' }));
    expect(refused).toMatchObject({ status: 'refused', conflictsWith: { id: 'pictures' } });
    expect(bench.events.rules.of(BUCKET)).toEqual([rule()]);
  });

  test('that overlap are refused even when they come together', async () => {
    const bench = await benchOfEvents();
    const outcomes = await Promise.all([
      bench.events.rules.add(rule({ id: 'one' })),
      bench.events.rules.add(rule({ id: 'two' })),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['added', 'refused']);
  });

  test('of another bucket never conflict', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    const other = await bench.events.rules.add(rule({ bucket: 'other-1300001234' }));
    expect(other).toEqual({ status: 'added' });
    expect(bench.events.rules.all()).toHaveLength(2);
  });

  test('are replaced by those of the same id', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    await bench.events.rules.add(rule({ enabled: false }));
    expect(bench.events.rules.all()).toEqual([rule({ enabled: false })]);
  });

  test('that are removed raise nothing more and make room for others', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    expect(await bench.events.rules.remove(BUCKET, 'pictures')).toEqual({ status: 'removed' });
    expect(await bench.events.rules.remove(BUCKET, 'pictures')).toEqual({ status: 'no-rule' });
    await bench.put('a.jpg');
    await bench.events.idle();
    expect(bench.events.list()).toEqual([]);
    expect(await bench.events.rules.add(rule({ id: 'more' }))).toEqual({ status: 'added' });
  });
});

test('a change without a rule writes nothing into the outbox', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule({ prefix: 'in/' }));
  await bench.put('out/a.jpg');
  const record = bench.storage.objects.head(BUCKET, 'out/a.jpg');
  const change = { seq: 9, before: undefined, after: record };
  const cause = { name: 'cos:ObjectCreated:Put', requestId: '', remoteAddress: '' };
  expect(bench.events.writesFor(change, cause)).toEqual([]);
});

test('an object that was not written raises no event', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule());
  const { keys, deliver } = listener();
  bench.events.subscribe('on-upload', deliver);
  await bench.put('a.jpg');
  const outcome = await bench.storage.objects.put(BUCKET, 'a.jpg', Buffer.from('b'), {
    onlyIf: 'absent',
    also: (change) =>
      bench.events.writesFor(change, {
        ...{ name: 'cos:ObjectCreated:Put', requestId: '', remoteAddress: '' },
      }),
  });
  bench.events.wake();
  await bench.events.idle();
  expect(outcome.status).toBe('condition-failed');
  expect(keys()).toEqual(['a.jpg']);
});

describe('after a restart', () => {
  test('what waited goes on where it was', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    const fails: DeliveryOutcome = { error: 'code', message: 'no' };
    bench.events.subscribe('on-upload', async () => fails);
    await bench.put('a.jpg');
    await bench.events.idle();
    await bench.restart();
    const { heard, deliver } = listener(async () => fails);
    bench.events.subscribe('on-upload', deliver);
    await bench.events.idle();
    expect(heard).toEqual([]);
    await bench.forward(MINUTE);
    await bench.forward(MINUTE);
    expect(heard.map(({ attempt }) => attempt.number)).toEqual([2, 3]);
    expect(bench.events.list({ state: 'dead' })).toHaveLength(1);
  });

  test('what was being delivered is delivered once more', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    const { answer, give } = answerLater();
    const before = listener(() => answer);
    bench.events.subscribe('on-upload', before.deliver);
    await bench.put('a.jpg');
    await turn();
    expect(before.keys()).toEqual(['a.jpg']);
    await bench.restart();
    give('ok');
    await turn();
    await bench.storage.write([]);
    expect(bench.events.list()).toMatchObject([{ state: 'waiting', tries: 0 }]);
    const after = listener();
    bench.events.subscribe('on-upload', after.deliver);
    await bench.events.idle();
    expect(after.keys()).toEqual(['a.jpg']);
  });

  test('what was delivered is not delivered again, and is still known', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    bench.events.subscribe('on-upload', async () => 'ok');
    await bench.put('a.jpg');
    await bench.events.idle();
    await bench.restart();
    const { keys, deliver } = listener();
    bench.events.subscribe('on-upload', deliver);
    await bench.events.idle();
    expect(keys()).toEqual([]);
    expect(bench.events.list()).toMatchObject([{ state: 'delivered', tries: 1 }]);
  });

  test('an event that waited for a day has its six hours again', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    await bench.put('a.jpg');
    await bench.events.idle();
    bench.events.stop();
    bench.clock.advance(24 * HOUR);
    await bench.restart();
    await bench.forward(5 * HOUR);
    expect(bench.events.list()).toMatchObject([{ state: 'waiting' }]);
  });

  test('no event waits for a time that an earlier clock had reached', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    bench.clock.advance(24 * HOUR);
    await bench.put('a.jpg');
    bench.events.stop();
    bench.clock.advance(-24 * HOUR);
    await bench.restart();
    const { keys, deliver } = listener();
    bench.events.subscribe('on-upload', deliver);
    await bench.events.idle();
    expect(keys()).toEqual(['a.jpg']);
  });

  test('an outbox longer than what is read at once is delivered in order', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    await Promise.all(Array.from({ length: 1_200 }, () => bench.put('a.jpg')));
    await bench.restart();
    const { heard, deliver } = listener();
    bench.events.subscribe('on-upload', deliver);
    await bench.events.idle();
    const ids = heard.map(({ attempt }) => attempt.id);
    expect(ids).toHaveLength(1_200);
    expect(ids).toEqual([...ids].sort());
  });
});

test('what waits in a data folder is delivered by the engine that opens it next', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-events-'));
  const clock = engineClock();
  const open = async () => {
    const storage = await folderStorage(folder, { clock: clock.now });
    const options = { storage, clock, appid: '1300001234', regionOf: () => 'ap-guangzhou' };
    return { storage, events: openBucketEvents(options) };
  };
  try {
    const first = await open();
    await first.storage.buckets.create(BUCKET);
    await first.events.rules.add(rule());
    const cause = { name: 'cos:ObjectCreated:Put', requestId: '', remoteAddress: '' };
    const also = (change: Change) => first.events.writesFor(change, cause);
    await first.storage.objects.put(BUCKET, 'a.jpg', Buffer.from('a'), { also });
    first.events.stop();
    await first.storage.close();

    const second = await open();
    const { keys, deliver } = listener();
    second.events.subscribe('on-upload', deliver);
    await second.events.idle();
    expect(keys()).toEqual(['a.jpg']);
    second.events.stop();
    await second.storage.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a snapshot brings its events back, and those since are gone', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule());
  await bench.put('before.jpg');
  await bench.storage.snapshots.save('s');
  await bench.put('since.jpg');
  await bench.events.rules.remove(BUCKET, 'pictures');
  bench.events.stop();
  await bench.storage.snapshots.load('s');
  bench.events.reload();
  const { keys, deliver } = listener();
  bench.events.subscribe('on-upload', deliver);
  await bench.put('after.jpg');
  await bench.events.idle();
  expect(keys()).toEqual(['before.jpg', 'after.jpg']);
});

describe('by the hand of a tester', () => {
  test('an event is delivered late', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    const { keys, deliver } = listener();
    bench.events.subscribe('on-upload', deliver);
    bench.events.change({ deliveryDelayMs: 5_000 });
    await bench.put('a.jpg');
    await bench.forward(4_999);
    expect(keys()).toEqual([]);
    await bench.forward(1);
    expect(keys()).toEqual(['a.jpg']);
  });

  test('every event is delivered twice, or only some of them', async () => {
    const bench = await benchOfEvents({ random: cycle([0.2, 0.8]) });
    await bench.events.rules.add(rule());
    const { keys, deliver } = listener();
    bench.events.subscribe('on-upload', deliver);
    bench.events.change({ duplicatePercent: 100 });
    await bench.put('a.jpg');
    await bench.put('b.jpg');
    await bench.events.idle();
    expect(keys().sort()).toEqual(['a.jpg', 'a.jpg', 'b.jpg', 'b.jpg']);
    bench.events.change({ duplicatePercent: 50 });
    await bench.put('c.jpg');
    await bench.put('d.jpg');
    await bench.events.idle();
    expect(keys().slice(4).sort()).toEqual(['c.jpg', 'c.jpg', 'd.jpg']);
  });

  test('the events of an object come in another order', async () => {
    const bench = await benchOfEvents({ random: cycle([0, 0.9, 0, 0.1]) });
    await bench.events.rules.add(rule());
    const { heard, deliver } = listener();
    bench.events.subscribe('on-upload', deliver);
    bench.events.change({ reorder: true });
    await bench.put('a.jpg');
    await bench.put('a.jpg');
    await bench.forward(1_000);
    const ids = heard.map(({ attempt }) => attempt.id);
    expect(ids).toHaveLength(2);
    expect(ids).toEqual([...ids].sort().reverse());
  });

  test('a dead event is replayed with all its tries', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    let works = false;
    const { heard, deliver } = listener(async () =>
      works ? 'ok' : { error: 'code', message: 'no' },
    );
    bench.events.subscribe('on-upload', deliver, { retries: 0 });
    await bench.put('a.jpg');
    await bench.events.idle();
    works = true;
    const [dead] = bench.events.list({ state: 'dead' });
    expect(await bench.events.replay(dead?.id ?? '')).toEqual({ status: 'replayed' });
    await bench.events.idle();
    expect(heard.map(({ attempt }) => attempt.number)).toEqual([1, 1]);
    expect(bench.events.list()).toMatchObject([{ id: dead?.id, state: 'delivered', tries: 1 }]);
  });

  test('a waiting event is replayed at once, and only once', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    const { heard, deliver } = listener();
    bench.events.subscribe('on-upload', deliver);
    bench.events.change({ deliveryDelayMs: HOUR });
    await bench.put('a.jpg');
    await bench.events.idle();
    const [waiting] = bench.events.list();
    await bench.events.replay(waiting?.id ?? '');
    await bench.events.idle();
    expect(heard).toHaveLength(1);
    await bench.forward(HOUR);
    expect(heard).toHaveLength(1);
  });

  test('an event under way is not replayed', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    const { answer, give } = answerLater();
    const { heard, deliver } = listener(() => answer);
    bench.events.subscribe('on-upload', deliver);
    await bench.put('a.jpg');
    await turn();
    const [waiting] = bench.events.list();
    expect(await bench.events.replay(waiting?.id ?? '')).toEqual({ status: 'under-way' });
    give('ok');
    await bench.events.idle();
    expect(heard).toHaveLength(1);
  });

  test('an event is duplicated as often as asked, and each is an event of its own', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    const { heard, deliver } = listener();
    bench.events.subscribe('on-upload', deliver);
    await bench.put('a.jpg');
    await bench.put('b.jpg');
    await bench.events.idle();
    const [, first] = bench.events.list();
    await bench.events.duplicate(first?.id ?? '');
    await bench.events.duplicate(first?.id ?? '');
    await bench.events.idle();
    expect(heard.map(({ key }) => key)).toEqual(['a.jpg', 'b.jpg', 'a.jpg', 'a.jpg']);
    expect(new Set(bench.events.list().map(({ id }) => id)).size).toBe(4);
  });

  test('an event duplicated while it waits is one more, and not another with the next upload', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    await bench.put('a.jpg');
    await bench.events.idle();
    const [waiting] = bench.events.list();
    await bench.events.duplicate(waiting?.id ?? '');
    await bench.put('b.jpg');
    await bench.events.idle();
    const { keys, deliver } = listener(async () => ({ error: 'code', message: 'no' }));
    bench.events.subscribe('on-upload', deliver);
    await bench.events.idle();
    expect(keys().sort()).toEqual(['a.jpg', 'a.jpg', 'b.jpg']);
  });

  test('an event nobody knows is neither replayed nor duplicated', async () => {
    const bench = await benchOfEvents();
    expect(await bench.events.replay('__proto__')).toEqual({ status: 'no-event' });
    expect(await bench.events.duplicate('')).toEqual({ status: 'no-event' });
  });

  test('events are listed newest first, by state, subscriber and bucket', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule({ prefix: 'a' }));
    await bench.events.rules.add(rule({ id: 'b', prefix: 'b', subscriber: 'other' }));
    bench.events.subscribe('other', async () => 'ok');
    for (const key of ['a1', 'b1', 'a2', 'b2']) await bench.put(key);
    await bench.events.idle();
    const keys = (filter: Parameters<typeof bench.events.list>[0]) =>
      bench.events.list(filter).map(({ event }) => keyOf(event));
    expect(keys({})).toEqual(['b2', 'a2', 'b1', 'a1']);
    expect(keys({ limit: 3 })).toEqual(['b2', 'a2', 'b1']);
    expect(keys({ state: 'waiting' })).toEqual(['a2', 'a1']);
    expect(keys({ subscriber: 'other', limit: 1 })).toEqual(['b2']);
    expect(keys({ bucket: 'none-1300001234' })).toEqual([]);
  });

  test('of the events that are over, the last thousand are remembered', async () => {
    const bench = await benchOfEvents();
    await bench.events.rules.add(rule());
    bench.events.subscribe('on-upload', async () => 'ok');
    await Promise.all(Array.from({ length: 1_010 }, (_, n) => bench.put(String(n))));
    await bench.events.idle();
    await bench.restart();
    bench.events.subscribe('on-upload', async () => 'ok');
    await bench.put('last');
    await bench.events.idle();
    const remembered = bench.storage.table('events-delivered').range();
    expect(remembered).toHaveLength(1_000);
    expect(bench.events.list({ limit: 1 })).toMatchObject([{ event: { object: { key: 'last' } } }]);
  });
});

/**
 * What is promised: every event reaches its subscriber at least once or is dead for a reason that
 * is recorded, none is made up, and of the events of one object each is tried for the first time
 * after those before it, and never two at a time. Second tries and repetitions keep no order.
 */
test('whatever fails and whenever the engine is restarted, events keep their promise', async () => {
  const outcome = fc.constantFrom<'ok' | 'code' | 'throttled' | 'platform' | 'hang'>(
    ...(['ok', 'ok', 'code', 'throttled', 'platform', 'hang'] as const),
  );
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('put a', 'put b', 'put c', 'remove a', 'remove b') },
    { weight: 2, arbitrary: fc.constantFrom('a minute', 'a while', 'settle') },
    { weight: 1, arbitrary: fc.constantFrom('restart', 'unsubscribe', 'subscribe') },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.array(outcome, { minLength: 1, maxLength: 20 }),
      fc.nat(100),
      async (steps, outcomes, duplicatePercent) => {
        const bench = await benchOfEvents({ random: cycle([0.1, 0.6, 0.9, 0.4]) });
        await bench.events.rules.add(
          rule({ events: ['cos:ObjectCreated:*', 'cos:ObjectRemove:*'] }),
        );
        const next = cycle(outcomes);
        let calm = false;
        const taken = new Set<string>();
        const underWay = new Set<string>();
        const crowded: string[] = [];
        const { heard, deliver } = listener(async (event, { id }) => {
          const what = calm ? 'ok' : next();
          const { key } = namesIn(event);
          if (underWay.has(key)) crowded.push(key);
          underWay.add(key);
          if (what === 'hang') return new Promise<DeliveryOutcome>(() => {});
          await turn();
          underWay.delete(key);
          if (what === 'ok') taken.add(id);
          return what === 'ok' ? 'ok' : { error: what, message: what };
        });
        const raised: string[] = [];
        const subscribe = () => bench.events.subscribe('on-upload', deliver, { concurrency: 2 });
        const restart = async () => {
          await bench.restart();
          underWay.clear();
          bench.events.change({ duplicatePercent });
          return subscribe();
        };
        let unsubscribe = await restart();
        for (const each of steps) {
          const [what = '', key = ''] = each.split(' ');
          if (what === 'put') {
            await bench.put(key);
            raised.push(key);
          } else if (what === 'remove') {
            if (bench.storage.objects.head(BUCKET, key)) raised.push(key);
            await bench.remove(key);
          } else if (each === 'restart') unsubscribe = await restart();
          else if (each === 'unsubscribe') unsubscribe();
          else if (each === 'subscribe') unsubscribe = subscribe();
          else if (each === 'a minute') bench.clock.advance(MINUTE);
          else if (each === 'a while') bench.clock.advance(3 * HOUR);
          else for (let turns = 0; turns < 5; turns++) await turn();
        }
        // Whatever hangs ends with the engine; from here on the subscriber takes everything.
        calm = true;
        await restart();
        await bench.events.idle();
        await bench.forward(MINUTE);

        expect(bench.events.list({ state: 'waiting' })).toEqual([]);
        const over = bench.events.list({ limit: 1_000 });
        const events = over.filter(({ id }) => !id.includes('.'));
        expect(events.map(({ event }) => keyOf(event))).toEqual(raised.reverse());
        for (const entry of over) {
          if (entry.state === 'delivered') expect(taken).toContain(entry.id);
          else
            expect(entry).toMatchObject({ state: 'dead', lastError: { kind: expect.any(String) } });
        }
        const known = new Map(over.map(({ id, event }) => [id, keyOf(event)]));
        for (const { key, attempt } of heard) expect(known.get(attempt.id)).toBe(key);
        expect(crowded).toEqual([]);
        for (const key of ['a', 'b', 'c']) {
          const first = new Set(
            heard.filter((one) => one.key === key).map((one) => one.attempt.id),
          );
          expect([...first]).toEqual([...first].sort());
        }
        bench.events.stop();
      },
    ),
    { numRuns: 150 },
  );
});

function cycle<T>(values: readonly T[]): () => T {
  let at = 0;
  return () => values[at++ % values.length] as T; // never empty, so there always is one
}
