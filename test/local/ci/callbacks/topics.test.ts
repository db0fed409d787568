import { describe, expect, test } from 'vitest';
import { PAUSES_MS } from '../../../../local/ci/callbacks/after-try.ts';
import type { DeliveryOutcome } from '../../../../local/cos/events/after-try.ts';
import type { JsonObject } from '../../../../shared/wire/json.ts';
import { readCallbackMessages } from '../../../../shared/wire/message-envelope.ts';
import { benchOfCallbacks, ended, JOB, jobId, START } from './bench-of-callbacks.ts';

const [FIRST = 0] = PAUSES_MS;

function toTopic(number: number, name = 'ended') {
  const queue = { region: 'gz', mode: 'Queue', name };
  return ended({ callback: { type: 'TDMQ', queue }, record: { jobId: jobId(number) } });
}

/** A subscriber that notes what it gets and answers as it is told; the last answer goes on. */
function subscriber(...answers: readonly DeliveryOutcome[]) {
  const events: JsonObject[] = [];
  return {
    events,
    jobs: () => events.flatMap(readCallbackMessages).map(({ jobs }) => jobs[0]?.jobId),
    async deliver(event: JsonObject): Promise<DeliveryOutcome> {
      events.push(event);
      return answers[Math.min(events.length, answers.length) - 1] ?? 'ok';
    },
  };
}

describe('a subscriber gets a message', () => {
  test('of CMQ', async () => {
    const bench = benchOfCallbacks();
    const { events, deliver, jobs } = subscriber();
    bench.callbacks.subscribe('ended', 'CMQ', deliver);
    await bench.end(toTopic(0));
    expect(events).toMatchObject([
      {
        Records: [
          {
            CMQ: {
              topicName: 'ended',
              topicOwner: 1250000000,
              publishTime: '2026-01-01T00:00:00Z',
              msgId: `${JOB}.Success`,
            },
          },
        ],
      },
    ]);
    expect(jobs()).toEqual([JOB]);
  });

  test('of EventBridge', async () => {
    const bench = benchOfCallbacks();
    const { events, deliver, jobs } = subscriber();
    bench.callbacks.subscribe('ended', 'EventBridge', deliver);
    await bench.end(toTopic(0));
    expect(events).toMatchObject([
      {
        type: 'connector:tdmq',
        region: 'ap-guangzhou',
        time: String(START),
        data: { topic: 'ended', msgId: `${JOB}.Success` },
      },
    ]);
    expect(jobs()).toEqual([JOB]);
  });

  test('of its own topic only', async () => {
    const bench = benchOfCallbacks();
    const { deliver, jobs } = subscriber();
    bench.callbacks.subscribe('ended', 'CMQ', deliver);
    await bench.end(toTopic(1));
    await bench.end(toTopic(2, 'other'));
    expect(jobs()).toEqual([jobId(1)]);
  });

  test('instead of whoever subscribed before, until it leaves', async () => {
    const bench = benchOfCallbacks();
    const [before, after] = [subscriber(), subscriber()];
    const leaveBefore = bench.callbacks.subscribe('ended', 'CMQ', before.deliver);
    const leave = bench.callbacks.subscribe('ended', 'CMQ', after.deliver);
    leaveBefore();
    await bench.end(toTopic(1));
    leave();
    await bench.end(toTopic(2));
    expect(before.jobs()).toEqual([]);
    expect(after.jobs()).toEqual([jobId(1)]);
  });

  test('again when it fails, until it is given up', async () => {
    const bench = benchOfCallbacks();
    const { deliver, jobs } = subscriber({ error: 'code', message: 'oops' });
    bench.callbacks.subscribe('ended', 'CMQ', deliver);
    await bench.end(toTopic(0));
    for (const pause of PAUSES_MS) await bench.forward(pause);
    expect(jobs()).toHaveLength(1 + PAUSES_MS.length);
    expect(bench.callbacks.list()).toMatchObject([
      {
        state: 'given-up',
        tries: jobs().map(() => ({ outcome: 'failed', message: 'code: oops' })),
      },
    ]);
  });

  test('again when it throws', async () => {
    const bench = benchOfCallbacks();
    let asked = 0;
    bench.callbacks.subscribe('ended', 'CMQ', async () => {
      asked++;
      if (asked === 1) throw new Error('oops');
      return 'ok';
    });
    await bench.end(toTopic(0));
    await bench.forward(FIRST);
    expect(bench.callbacks.list()).toMatchObject([
      {
        state: 'delivered',
        tries: [{ outcome: 'failed', message: 'Error: oops' }, { outcome: 'taken' }],
      },
    ]);
  });

  test('twice as the same message', async () => {
    const bench = benchOfCallbacks();
    const { events, deliver } = subscriber();
    bench.callbacks.subscribe('ended', 'CMQ', deliver);
    bench.callbacks.change({ duplicatePercent: 100 });
    await bench.end(toTopic(0));
    expect(events).toHaveLength(2);
    expect(events[1]).toEqual(events[0]);
  });
});

describe('messages of a topic', () => {
  test('stay until somebody takes them, over restarts', async () => {
    const bench = benchOfCallbacks();
    await bench.end(toTopic(1));
    await bench.forward(3_600_000);
    bench.restart();
    await bench.end(toTopic(2));
    expect(bench.callbacks.list()).toMatchObject([
      { state: 'waiting', tries: [] },
      { state: 'waiting', tries: [] },
    ]);
    const { deliver, jobs } = subscriber();
    bench.callbacks.subscribe('ended', 'CMQ', deliver);
    await bench.callbacks.idle();
    expect(jobs().sort()).toEqual([jobId(1), jobId(2)]);
    expect(bench.callbacks.list({ state: 'waiting' })).toEqual([]);
  });

  test('are listed as they are handed over, those that were taken included', async () => {
    const bench = benchOfCallbacks();
    const { events, deliver } = subscriber();
    const leave = bench.callbacks.subscribe('ended', 'EventBridge', deliver);
    await bench.end(toTopic(1));
    leave();
    bench.clock.advance(1);
    await bench.end(toTopic(2));
    const messages = bench.callbacks.messages('ended', 'EventBridge');
    expect(messages.map(({ id, state }) => `${id} ${state}`)).toEqual([
      `${jobId(2)}.Success waiting`,
      `${jobId(1)}.Success delivered`,
    ]);
    expect(messages[1]?.event).toEqual(events[0]);
    expect(bench.callbacks.messages('ended', 'CMQ', 1)).toMatchObject([
      { event: { Records: [{}] } },
    ]);
    expect(bench.callbacks.messages('other', 'CMQ')).toEqual([]);
  });

  test('are handed over once more when they are replayed', async () => {
    const bench = benchOfCallbacks();
    const { events, deliver } = subscriber();
    bench.callbacks.subscribe('ended', 'CMQ', deliver);
    await bench.end(toTopic(0));
    await bench.callbacks.replay(`${JOB}.Success`);
    await bench.callbacks.idle();
    expect(events).toHaveLength(2);
  });
});
