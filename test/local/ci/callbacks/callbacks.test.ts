import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { PAUSES_MS } from '../../../../local/ci/callbacks/after-try.ts';
import { folderStorage } from '../../../../local/cos/storage/folder-storage.ts';
import { engineClock } from '../../../../local/server/clock.ts';
import {
  BUCKET,
  benchOfCallbacks,
  ended,
  JOB,
  jobId,
  type Received,
  type Reply,
  receiver,
  START,
} from './bench-of-callbacks.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function receiving(...replies: readonly Reply[]) {
  const hook = await receiver(...replies);
  closing.push(hook.close);
  return hook;
}

const HOUR = 3_600_000;
const [FIRST = 0, SECOND = 0] = PAUSES_MS;

describe('a job that ended', () => {
  test('is told in XML', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving();
    const job = ended({ callback: { url: `${hook.url}?token=1` } });
    await bench.end(job);
    expect(hook.received).toMatchObject([
      { method: 'POST', path: '/hook?token=1', contentType: 'application/xml' },
    ]);
    expect(hook.received[0]?.body).toMatch(/<Response><EventName>TaskFinish<\/EventName>/);
    expect(hook.received[0]?.callback).toEqual({ eventName: 'TaskFinish', jobs: [job.record] });
  });

  test('is told in JSON, its jobs in a list', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving();
    const job = ended({ callback: { url: hook.url, format: 'JSON' } });
    await bench.end(job);
    const [{ body, callback, contentType }] = hook.received as [Received];
    expect(contentType).toBe('application/json');
    expect(JSON.parse(body)).toMatchObject({
      EventName: 'TaskFinish',
      JobsDetail: [{ JobId: JOB, Operation: { MediaResult: { OutputFile: {} } } }],
    });
    expect(callback).toEqual({ eventName: 'TaskFinish', jobs: [job.record] });
  });

  test('is told when it failed, as well', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving();
    const record = { state: 'Failed', code: 'ResourceNotFound', message: 'There is no <object>.' };
    await bench.end(ended({ callback: { url: hook.url }, record }));
    expect(hook.received[0]?.callback.jobs).toMatchObject([record]);
  });

  test('is told to whom its queue says, unless it says something itself', async () => {
    const bench = benchOfCallbacks();
    const [ofJob, ofQueue] = [await receiving(), await receiving()];
    const notify = { state: 'On', url: ofQueue.url, resultFormat: 'JSON' };
    await bench.end(ended({ notify, record: { jobId: jobId(1) } }));
    await bench.end(ended({ notify, callback: { url: ofJob.url }, record: { jobId: jobId(2) } }));
    await bench.end(ended({ notify, callback: { url: 'no' }, record: { jobId: jobId(3) } }));
    expect(ofQueue.jobs()).toEqual([jobId(1)]);
    expect(ofJob.jobs()).toEqual([jobId(2)]);
    expect(bench.callbacks.list()).toHaveLength(2);
  });

  test('is told once, however often what to write for it was asked', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving();
    const job = ended({ callback: { url: hook.url } });
    expect(bench.callbacks.writesFor(job)).toEqual(bench.callbacks.writesFor(job));
    await bench.end(job);
    expect(hook.jobs()).toEqual([JOB]);
  });

  test('is not told of when its end was not written', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving();
    bench.callbacks.writesFor(ended({ callback: { url: hook.url } }));
    bench.callbacks.wake();
    await bench.callbacks.idle();
    expect(hook.received).toEqual([]);
    expect(bench.callbacks.list()).toEqual([]);
  });

  test('is told nobody when nobody wants to know', () => {
    expect(benchOfCallbacks().callbacks.writesFor(ended())).toEqual([]);
  });
});

describe('a receiver', () => {
  test('that is in trouble is tried again, with pauses that grow', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving(500, 503, 204);
    await bench.end(ended({ callback: { url: hook.url } }));
    expect(bench.callbacks.list()).toMatchObject([
      {
        state: 'waiting',
        dueAt: START + FIRST,
        tries: [{ at: START, outcome: 'answered', status: 500, text: 'said 500' }],
      },
    ]);
    await bench.forward(FIRST - 1);
    expect(hook.received).toHaveLength(1);
    await bench.forward(1);
    expect(hook.received).toHaveLength(2);
    await bench.forward(SECOND);
    expect(SECOND).toBeGreaterThan(FIRST);
    const [first, ...others] = hook.received.map(({ body }) => body);
    expect(others).toEqual([first, first]);
    expect(bench.callbacks.list()).toMatchObject([
      { state: 'delivered', endedAt: START + FIRST + SECOND, tries: [{}, {}, { status: 204 }] },
    ]);
  });

  test('that never takes it is given up, and all it said is kept', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving(404);
    await bench.end(ended({ callback: { url: hook.url } }));
    for (const pause of PAUSES_MS) await bench.forward(pause);
    await bench.forward(1000 * HOUR);
    expect(hook.received).toHaveLength(1 + PAUSES_MS.length);
    expect(bench.callbacks.list()).toMatchObject([
      {
        id: `${JOB}.Success`,
        state: 'given-up',
        tries: hook.received.map(() => ({ status: 404 })),
      },
    ]);
  });

  test('that hangs is not waited for longer than it is worth', async () => {
    const bench = benchOfCallbacks({ timeoutMs: 60 });
    const hook = await receiving(() => {}, 200);
    await bench.end(ended({ callback: { url: hook.url } }));
    expect(bench.callbacks.list()).toMatchObject([
      {
        state: 'waiting',
        tries: [{ outcome: 'failed', message: expect.stringMatching(/longer than 60 ms/) }],
      },
    ]);
    await bench.forward(FIRST);
    expect(bench.callbacks.list({ state: 'delivered' })).toHaveLength(1);
  });

  test('that closes the connection is tried again', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving((response) => response.socket?.resetAndDestroy(), 200);
    await bench.end(ended({ callback: { url: hook.url } }));
    expect(bench.callbacks.list()).toMatchObject([{ tries: [{ outcome: 'failed' }] }]);
    await bench.forward(FIRST);
    expect(bench.callbacks.list()).toMatchObject([{ state: 'delivered' }]);
  });

  test('is not followed to where it points', async () => {
    const bench = benchOfCallbacks();
    const elsewhere = await receiving();
    const hook = await receiving((response) => {
      response.writeHead(307, { Location: elsewhere.url }).end();
    });
    await bench.end(ended({ callback: { url: hook.url } }));
    expect(elsewhere.received).toEqual([]);
    expect(bench.callbacks.list()).toMatchObject([{ state: 'waiting', tries: [{ status: 307 }] }]);
  });

  test('that says a lot is heard as far as it is of use', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving((response) => response.end('x'.repeat(1_000_000)));
    await bench.end(ended({ callback: { url: hook.url } }));
    expect(bench.callbacks.list()).toMatchObject([
      { state: 'delivered', tries: [{ text: 'x'.repeat(4_096) }] },
    ]);
  });

  test('that hangs does not keep others from being told', async () => {
    const bench = benchOfCallbacks({ timeoutMs: 1_000 });
    const [hanging, prompt] = [await receiving(() => {}), await receiving()];
    const slow = bench.end(ended({ callback: { url: hanging.url } }));
    const quick = ended({ callback: { url: prompt.url }, record: { jobId: jobId(1) } });
    const done = bench.end(quick);
    await expect.poll(() => prompt.jobs()).toEqual([jobId(1)]);
    expect(bench.callbacks.list({ job: JOB })).toMatchObject([{ state: 'waiting', tries: [] }]);
    bench.callbacks.stop();
    await Promise.all([slow, done]);
  });
});

describe('a private address', () => {
  test.for(['127.0.0.1', 'localhost'])('is not told anything: %s', async (host) => {
    const bench = benchOfCallbacks({ allowPrivate: false });
    const hook = await receiving();
    await bench.end(ended({ callback: { url: hook.url.replace('127.0.0.1', host) } }));
    expect(hook.received).toEqual([]);
    expect(bench.callbacks.list()).toMatchObject([
      {
        state: 'given-up',
        tries: [{ outcome: 'refused', message: expect.stringMatching(/--allow-private-fetch/) }],
      },
    ]);
  });
});

describe('an address of the engine itself', () => {
  const url = 'https://1250000000-hook.ap-guangzhou.tencentscf.com/jobs';

  test('is told without the network', async () => {
    const taken: object[] = [];
    const bench = benchOfCallbacks({
      allowPrivate: false,
      resolveInside: (asked) =>
        asked === url
          ? async (posted) => {
              taken.push(posted);
              if (taken.length === 1) throw new Error('not up yet');
              return { status: 200, body: 'thanks' };
            }
          : undefined,
    });
    await bench.end(ended({ callback: { url, format: 'JSON' } }));
    await bench.forward(FIRST);
    expect(taken[1]).toMatchObject({ url, headers: { 'Content-Type': 'application/json' } });
    expect(bench.callbacks.list()).toMatchObject([
      {
        state: 'delivered',
        tries: [
          { outcome: 'failed', message: expect.stringMatching(/not up yet/) },
          { status: 200, text: 'thanks' },
        ],
      },
    ]);
  });

  test('is not looked for elsewhere when nothing is there', async () => {
    const bench = benchOfCallbacks();
    const url = 'http://gone-1250000000.cos.ap-guangzhou.myqcloud.com/hook';
    await bench.end(ended({ callback: { url } }));
    expect(bench.callbacks.list()).toMatchObject([
      {
        state: 'given-up',
        tries: [{ outcome: 'refused', message: expect.stringMatching(/none of the engine's/) }],
      },
    ]);
  });
});

test('a name below localhost is looked for on this machine', async () => {
  const bench = benchOfCallbacks({ timeoutMs: 1_000 });
  const hook = await receiving();
  const url = hook.url.replace('127.0.0.1', 'app.localhost');
  await bench.end(ended({ callback: { url } }));
  // Not every system knows such a name.
  const [{ tries = [] } = {}] = bench.callbacks.list();
  expect(tries[0]?.outcome).toMatch(/^(answered|failed)$/);
});

describe('on demand', () => {
  test('callbacks come late', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving();
    bench.callbacks.change({ delayMs: HOUR });
    await bench.end(ended({ callback: { url: hook.url } }));
    await bench.forward(HOUR - 1);
    expect(hook.received).toEqual([]);
    await bench.forward(1);
    expect(hook.received).toHaveLength(1);
  });

  test('callbacks come twice, also after the first was refused for a while', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving(500, 200);
    bench.callbacks.change({ duplicatePercent: 100 });
    await bench.end(ended({ callback: { url: hook.url } }));
    await bench.forward(FIRST);
    expect(hook.jobs()).toEqual([JOB, JOB, JOB]);
    expect(bench.callbacks.list({ state: 'delivered' }).map(({ id }) => id)).toEqual([
      `${JOB}.Success.again`,
      `${JOB}.Success`,
    ]);
  });

  test('callbacks are lost, and are made after all when they are replayed', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving();
    bench.callbacks.change({ losePercent: 100 });
    await bench.end(ended({ callback: { url: hook.url } }));
    await bench.forward(HOUR);
    expect(hook.received).toEqual([]);
    expect(bench.callbacks.list()).toMatchObject([{ state: 'lost', tries: [{ outcome: 'lost' }] }]);
    expect(await bench.callbacks.replay(`${JOB}.Success`)).toEqual({ status: 'replayed' });
    await bench.callbacks.idle();
    expect(hook.jobs()).toEqual([JOB]);
  });

  test('chance decides which, once for each', async () => {
    const dice = [0.299, 0.9, 0.3, 0.199, 0.3, 0.2];
    const bench = benchOfCallbacks({
      random: () => dice.shift() ?? Number.NaN,
      resolveInside: () => async () => ({ status: 500, body: '' }),
    });
    bench.callbacks.change({ losePercent: 30, duplicatePercent: 20 });
    for (const number of [1, 2, 3]) {
      const callback = { url: 'http://inside/' };
      await bench.end(ended({ callback, record: { jobId: jobId(number) } }));
    }
    await bench.forward(FIRST);
    expect(bench.callbacks.list().map(({ id, state, tries }) => [id, state, tries.length])).toEqual(
      [
        [`${jobId(3)}.Success`, 'waiting', 2],
        [`${jobId(2)}.Success.again`, 'waiting', 2],
        [`${jobId(2)}.Success`, 'waiting', 2],
        [`${jobId(1)}.Success`, 'lost', 1],
      ],
    );
  });
});

describe('replay', () => {
  test('sends the very same again, at once and with all its tries', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving(500, 200, 500);
    await bench.end(ended({ callback: { url: hook.url } }));
    await bench.forward(FIRST);
    await bench.callbacks.replay(`${JOB}.Success`);
    await bench.callbacks.idle();
    for (const pause of PAUSES_MS) await bench.forward(pause);
    expect(hook.received).toHaveLength(3 + PAUSES_MS.length);
    expect(new Set(hook.received.map(({ body }) => body)).size).toBe(1);
    const tries = [{ status: 500 }, { status: 200 }, ...hook.received.slice(2).map(() => ({}))];
    expect(bench.callbacks.list()).toMatchObject([{ state: 'given-up', tries }]);
  });

  test('of the same again and again is remembered for a while', async () => {
    const bench = benchOfCallbacks({
      resolveInside: () => async () => ({ status: 200, body: `${++asked}` }),
    });
    let asked = 0;
    await bench.end(ended({ callback: { url: 'http://inside/' } }));
    for (let times = 0; times < 29; times++) {
      await bench.callbacks.replay(`${JOB}.Success`);
      await bench.callbacks.idle();
    }
    const [{ tries = [] } = {}] = bench.callbacks.list();
    expect(tries).toHaveLength(20);
    expect(tries.at(-1)).toMatchObject({ text: '30' });
  });

  test('starts the pauses anew for one that fails once more', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving(500, 500, 200);
    await bench.end(ended({ callback: { url: hook.url } }));
    await bench.forward(1_000);
    await bench.callbacks.replay(`${JOB}.Success`);
    await bench.callbacks.idle();
    await bench.forward(FIRST - 1);
    expect(hook.received).toHaveLength(2);
    await bench.forward(1);
    expect(hook.received).toHaveLength(3);
  });

  test('does not wait for the pause of one that waits', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving(500, 200);
    await bench.end(ended({ callback: { url: hook.url } }));
    await bench.callbacks.replay(`${JOB}.Success`);
    await bench.callbacks.idle();
    await bench.forward(HOUR);
    expect(hook.received).toHaveLength(2);
    expect(bench.callbacks.list()).toMatchObject([{ state: 'delivered' }]);
  });

  test('is refused while it is under way, and of what is not there', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving(() => {});
    const ending = bench.end(ended({ callback: { url: hook.url } }));
    await expect.poll(() => hook.received).toHaveLength(1);
    expect(await bench.callbacks.replay(`${JOB}.Success`)).toEqual({ status: 'under-way' });
    expect(await bench.callbacks.replay('none')).toEqual({ status: 'no-callback' });
    bench.callbacks.stop();
    await ending;
  });
});

describe('after a restart', () => {
  test('what was said while the engine stopped counts for nothing', async () => {
    let say: (said: { status: number; body: string }) => void = () => {};
    const said = new Promise<{ status: number; body: string }>((resolve) => {
      say = resolve;
    });
    const bench = benchOfCallbacks({ resolveInside: () => () => said });
    const ending = bench.end(ended({ callback: { url: 'http://inside/' } }));
    await bench.storage.write([]);
    bench.callbacks.stop();
    await ending;
    say({ status: 200, body: '' });
    await said;
    await bench.storage.write([]);
    expect(bench.callbacks.list()).toMatchObject([{ state: 'waiting', tries: [] }]);
    bench.restart();
    await bench.callbacks.idle();
    expect(bench.callbacks.list()).toMatchObject([{ state: 'delivered', tries: [{}] }]);
  });

  test('what waited is made at its time, with the tries that are left', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving(500);
    await bench.end(ended({ callback: { url: hook.url } }));
    bench.restart();
    await bench.callbacks.idle();
    expect(hook.received).toHaveLength(1);
    for (const pause of PAUSES_MS) await bench.forward(pause);
    expect(hook.received).toHaveLength(1 + PAUSES_MS.length);
    expect(bench.callbacks.list()).toMatchObject([{ state: 'given-up' }]);
  });

  test('what was under way is made again', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving(() => {}, 200);
    const ending = bench.end(ended({ callback: { url: hook.url } }));
    await expect.poll(() => hook.received).toHaveLength(1);
    bench.restart();
    await ending;
    await bench.callbacks.idle();
    expect(hook.jobs()).toEqual([JOB, JOB]);
    expect(bench.callbacks.list()).toMatchObject([{ state: 'delivered', tries: [{}] }]);
  });

  test('what waits for a time that was never reached is made at once', async () => {
    const bench = benchOfCallbacks();
    const hook = await receiving(500, 200);
    bench.clock.advance(365 * 24 * HOUR);
    await bench.end(ended({ callback: { url: hook.url } }));
    bench.callbacks.stop();
    bench.clock.set(START);
    bench.restart();
    await bench.callbacks.idle();
    expect(hook.received).toHaveLength(2);
  });

  test('what was written and not yet begun is made, from the disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'darkroom-callbacks-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const clock = engineClock();
    const options = { sync: false, clock: clock.now };
    const hook = await receiving();
    const before = await folderStorage(folder, options);
    const first = benchOfCallbacks({ storage: before });
    await before.write(first.callbacks.writesFor(ended({ callback: { url: hook.url } })));
    first.callbacks.stop();
    await before.close();
    const after = await folderStorage(folder, options);
    const second = benchOfCallbacks({ storage: after });
    await second.callbacks.idle();
    expect(hook.jobs()).toEqual([JOB]);
    expect(second.callbacks.list()).toMatchObject([{ state: 'delivered' }]);
    second.callbacks.stop();
    await after.close();
  });

  test('no callback is lost, whenever the engine is killed and whatever is said', async () => {
    const step = fc.oneof(
      fc.record({ does: fc.constant('end' as const) }),
      fc.record({ does: fc.constant('answer' as const), status: fc.constantFrom(200, 500) }),
      fc.record({ does: fc.constant('restart' as const) }),
      fc.record({ does: fc.constant('forward' as const), ms: fc.integer({ min: 1, max: HOUR }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        let status = 500;
        const told = new Set<string>();
        const raised = new Set<string>();
        const bench = benchOfCallbacks({
          pausesMs: Array.from({ length: 1_000 }, (_, index) => (index + 1) * 1_000),
          resolveInside:
            () =>
            async ({ body }) => {
              const [id = ''] = /a\d{32}/.exec(body) ?? [];
              if (status === 200) told.add(id);
              return { status, body: '' };
            },
        });
        for (const each of steps) {
          if (each.does === 'answer') status = each.status;
          if (each.does === 'restart') bench.restart();
          if (each.does === 'forward') await bench.forward(each.ms);
          if (each.does !== 'end') continue;
          const record = { jobId: jobId(raised.size) };
          raised.add(record.jobId);
          await bench.end(ended({ callback: { url: 'http://inside/' }, record }));
        }
        status = 200;
        await bench.forward(1_000 * HOUR);
        expect(told).toEqual(raised);
        expect(bench.callbacks.list({ state: 'waiting' })).toEqual([]);
        bench.callbacks.stop();
      }),
      { numRuns: 50 },
    );
  });
});

test('the inbox can be asked for what matters', async () => {
  const bench = benchOfCallbacks();
  const [good, bad] = [await receiving(200), await receiving(500)];
  await bench.end(ended({ callback: { url: good.url }, record: { jobId: jobId(2) } }));
  bench.clock.advance(1_000);
  await bench.end(ended({ callback: { url: bad.url }, record: { jobId: jobId(1) } }));
  const ids = (filter: Parameters<typeof bench.callbacks.list>[0]) =>
    bench.callbacks.list(filter).map(({ job }) => job);
  expect(ids({})).toEqual([jobId(1), jobId(2)]);
  expect(ids({ limit: 1 })).toEqual([jobId(1)]);
  expect(ids({ state: 'waiting' })).toEqual([jobId(1)]);
  expect(ids({ state: 'delivered' })).toEqual([jobId(2)]);
  expect(ids({ job: jobId(2) })).toEqual([jobId(2)]);
  expect(ids({ bucket: BUCKET })).toHaveLength(2);
  expect(ids({ bucket: 'other' })).toEqual([]);
  expect(bench.callbacks.list({ job: jobId(2) })[0]?.body).toBe(good.received[0]?.body);
});

test('a record that has no spelling in XML is given up and does not break anything', async () => {
  const bench = benchOfCallbacks();
  const hook = await receiving();
  const record = { message: 'broken \u0000 text' };
  await bench.end(ended({ callback: { url: hook.url }, record }));
  expect(hook.received).toEqual([]);
  const [listed] = bench.callbacks.list();
  expect(listed).toMatchObject({ state: 'given-up', tries: [{ outcome: 'refused' }] });
  expect(listed).not.toHaveProperty('body');
});

test('a disk that does not take it for a while only delays it', async () => {
  const reported: unknown[] = [];
  const bench = benchOfCallbacks({ report: (thrown) => reported.push(thrown) });
  const { storage } = bench;
  let fails = true;
  const failing: typeof storage = {
    ...storage,
    write: (writes) => (fails ? Promise.reject(new Error('full')) : storage.write(writes)),
  };
  const hook = await receiving();
  await storage.write(bench.callbacks.writesFor(ended({ callback: { url: hook.url } })));
  bench.restart({ storage: failing });
  await bench.callbacks.idle();
  expect(reported).toHaveLength(1);
  fails = false;
  await bench.forward(HOUR);
  expect(hook.jobs()).toEqual([JOB, JOB]);
  expect(bench.callbacks.list()).toMatchObject([{ state: 'delivered' }]);
});
