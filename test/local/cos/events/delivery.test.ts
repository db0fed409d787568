import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { DeliveryOutcome } from '../../../../local/cos/events/after-try.ts';
import {
  answerLater,
  BUCKET,
  benchOfEvents,
  listener,
  MINUTE,
  rule,
  START,
} from './bench-of-events.ts';

const HOUR = 60 * MINUTE;
const codeError: DeliveryOutcome = { error: 'code', message: 'TypeError: no such field' };
const throttled: DeliveryOutcome = { error: 'throttled', message: 'over concurrency' };

test('an upload becomes an event as the service sends it', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule({ prefix: 'incoming/' }));
  const bodies: unknown[] = [];
  bench.events.subscribe('on-upload', async (event) => {
    bodies.push(event);
    return 'ok';
  });
  await bench.put('incoming/red boot.jpg', {
    describe: {
      contentType: 'image/jpeg',
      headers: { 'cache-control': 'no-cache' },
      metadata: { order: 'A-1029' },
    },
  });
  await bench.put('elsewhere/a.jpg');
  await bench.events.idle();

  expect(bodies).toEqual([
    {
      Records: [
        {
          cos: {
            cosSchemaVersion: '1.0',
            cosObject: {
              url: `http://${BUCKET}.cos.ap-guangzhou.myqcloud.com/incoming/red%20boot.jpg`,
              meta: {
                'x-cos-request-id': 'NjAw',
                'Content-Type': 'image/jpeg',
                'Cache-Control': 'no-cache',
                'x-cos-meta-order': 'A-1029',
              },
              vid: '',
              key: '/1300001234/studio/incoming/red boot.jpg',
              size: 21,
            },
            cosBucket: {
              region: 'gz',
              cosRegion: 'ap-guangzhou',
              s3Region: 'ap-guangzhou',
              name: 'studio',
              appid: '1300001234',
            },
            cosNotificationId: 'unkown',
          },
          event: {
            eventName: 'cos:ObjectCreated:Put',
            eventVersion: '1.0',
            eventTime: START / 1000,
            eventSource: 'qcs::cos',
            requestParameters: { requestSourceIP: '127.0.0.1', requestHeaders: {} },
            eventQueue: 'qcs:0:scf:ap-guangzhou:appid/1300001234:default.on-upload.$DEFAULT',
            reservedInfo: '',
            reqid: 0,
          },
        },
      ],
    },
  ]);
});

test('a removal tells what was there', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule({ events: ['cos:ObjectRemove:*'] }));
  const { heard, deliver } = listener();
  bench.events.subscribe('on-upload', deliver);
  await bench.put('a.jpg');
  await bench.remove('a.jpg');
  await bench.events.idle();
  expect(heard).toMatchObject([{ name: 'cos:ObjectRemove:Delete', key: 'a.jpg' }]);
});

test('a function that fails is asked three times, a minute apart, and then the event is dead', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule());
  const { heard, deliver } = listener(async () => codeError);
  bench.events.subscribe('on-upload', deliver);
  await bench.put('a.jpg');
  await bench.events.idle();
  await bench.forward(MINUTE - 1);
  expect(heard).toHaveLength(1);
  await bench.forward(1);
  expect(heard).toHaveLength(2);
  for (let minute = 0; minute < 10; minute++) await bench.forward(MINUTE);
  expect(heard.map(({ attempt }) => attempt.number)).toEqual([1, 2, 3]);
  expect(bench.events.list()).toMatchObject([
    { state: 'dead', because: 'code-errors', tries: 3, lastError: { kind: 'code' } },
  ]);
});

test('what a subscriber throws is an error of its code', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule());
  bench.events.subscribe('on-upload', () => {
    throw new TypeError('x is not a function');
  });
  await bench.put('a.jpg');
  await bench.events.idle();
  expect(bench.events.list()).toMatchObject([
    { state: 'waiting', lastError: { kind: 'code', message: 'TypeError: x is not a function' } },
  ]);
});

test('a throttled event is tried every minute for six hours', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule());
  const { heard, deliver } = listener(async () => throttled);
  bench.events.subscribe('on-upload', deliver);
  await bench.put('a.jpg');
  await bench.events.idle();
  for (let minute = 0; minute < 400; minute++) await bench.forward(MINUTE);
  expect(heard).toHaveLength(361);
  expect(bench.events.list()).toMatchObject([{ state: 'dead', because: 'too-old', tries: 361 }]);
});

test('a subscriber may be given other limits', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule());
  const { heard, deliver } = listener(async () => codeError);
  bench.events.subscribe('on-upload', deliver, { retries: 0 });
  await bench.put('a.jpg');
  await bench.events.idle();
  expect(heard).toHaveLength(1);
  expect(bench.events.list({ state: 'dead' })).toHaveLength(1);
});

test('an event waits for a function that is not there yet, and goes as soon as it is', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule());
  await bench.put('a.jpg');
  await bench.put('a.jpg');
  await bench.forward(HOUR);
  expect(bench.events.list()).toMatchObject([
    { state: 'waiting', tries: 0, lastError: { message: 'Nobody is subscribed as "on-upload"' } },
    { state: 'waiting', tries: 0 },
  ]);
  const { heard, deliver } = listener();
  bench.events.subscribe('on-upload', deliver);
  await bench.events.idle();
  expect(heard.map(({ attempt }) => attempt.number)).toEqual([1, 1]);
});

test('an event that nobody takes for six hours is dead', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule());
  await bench.put('a.jpg');
  await bench.events.idle();
  await bench.forward(6 * HOUR);
  expect(bench.events.list()).toMatchObject([
    {
      ...{ state: 'dead', because: 'too-old' },
      lastError: { kind: 'platform', message: 'Nobody is subscribed as "on-upload"' },
    },
  ]);
});

test('the last to subscribe gets the events, and ending an older subscription ends nothing', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule());
  const [older, newer] = [listener(), listener()];
  const endOlder = bench.events.subscribe('on-upload', older.deliver);
  const endNewer = bench.events.subscribe('on-upload', newer.deliver);
  endOlder();
  await bench.put('a.jpg');
  await bench.events.idle();
  expect([older.keys(), newer.keys()]).toEqual([[], ['a.jpg']]);
  endNewer();
  await bench.put('b.jpg');
  await bench.events.idle();
  expect(newer.keys()).toEqual(['a.jpg']);
});

test('no more events are under way than the subscriber takes, and all of them arrive', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule());
  let underWay = 0;
  let most = 0;
  const { heard, deliver } = listener(async () => {
    most = Math.max(most, ++underWay);
    await turn();
    underWay -= 1;
    return 'ok';
  });
  bench.events.subscribe('on-upload', deliver, { concurrency: 3 });
  await Promise.all(Array.from({ length: 40 }, (_, n) => bench.put(`${n}.jpg`)));
  await bench.events.idle();
  expect(most).toBe(3);
  expect(heard).toHaveLength(40);
});

test('the events of one object come one after the other', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule());
  let underWay = 0;
  let most = 0;
  const { heard, deliver } = listener(async () => {
    most = Math.max(most, ++underWay);
    await turn();
    underWay -= 1;
    return 'ok';
  });
  bench.events.subscribe('on-upload', deliver);
  await Promise.all(Array.from({ length: 12 }, () => bench.put('a.jpg')));
  await bench.events.idle();
  expect(most).toBe(1);
  const ids = heard.map(({ attempt }) => attempt.id);
  expect(ids).toHaveLength(12);
  expect(ids).toEqual([...ids].sort());
});

test('retries come by themselves when the clock is left alone', async () => {
  const bench = await benchOfEvents();
  await bench.events.rules.add(rule());
  const { answer, give } = answerLater();
  bench.events.subscribe('on-upload', async (_, { number }) => {
    if (number === 1) return codeError;
    give('ok');
    return 'ok';
  });
  await bench.put('a.jpg');
  await bench.events.idle();
  bench.clock.advance(MINUTE - 20);
  bench.clock.thaw();
  await answer;
  await bench.events.idle();
  expect(bench.events.list()).toMatchObject([{ state: 'delivered', tries: 2 }]);
  bench.events.stop();
});

test('an event whose outcome cannot be kept is delivered again', async () => {
  const reports: unknown[] = [];
  const bench = await benchOfEvents({ report: (thrown) => reports.push(thrown) });
  await bench.events.rules.add(rule());
  const { heard, deliver } = listener();
  bench.events.subscribe('on-upload', deliver);
  const { write } = bench.storage;
  bench.storage.write = async () => {
    throw new Error('no room left');
  };
  await bench.put('a.jpg');
  await bench.events.idle();
  bench.storage.write = write;
  await bench.forward(MINUTE);
  expect(reports).toHaveLength(1);
  expect(heard.map(({ attempt }) => attempt.number)).toEqual([1, 1]);
  expect(bench.events.list()).toMatchObject([{ state: 'delivered' }]);
});
