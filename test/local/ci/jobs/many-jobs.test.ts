import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUCKET } from '../../engine-for-tests.ts';
import { batchJob, videoJob } from './ci-client.ts';
import { jobEngine } from './job-engine.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jobs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same numbers every time. */
function randomOf(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

test('of 500 jobs with pauses, cancellations and failures every one is accounted for', async () => {
  const { engine, operations, ask, put, makeQueue, stop } = await jobEngine();
  await put('in/bad.mp4', 'bad');
  await engine.events.rules.add({
    ...{ id: 'all', bucket: BUCKET, events: ['cos:ObjectCreated:*'], enabled: true },
    ...{ prefix: 'out/', suffix: '', subscriber: 'nobody' },
  });
  const random = randomOf(7);
  const ids: string[] = [];
  const cancelled = new Set<string>();
  const bad = new Set<string>();

  for (let index = 0; index < 500; index++) {
    const isBad = random(10) === 0;
    const input = isBad ? 'in/bad.mp4' : 'in/a.mp4';
    const operation = `<JobLevel>${random(3)}</JobLevel>`;
    const body = videoJob({ input, output: `out/${index}.mp4`, operation });
    const { is } = await ask('POST /jobs', body);
    const id = is.JobsDetail.JobId;
    ids.push(id);
    if (isBad) bad.add(id);
    if (random(25) === 0) await makeQueue('Paused');
    if (random(20) === 0) await makeQueue('Active');
    if (random(4) === 0) {
      const victim = ids[random(ids.length)] ?? id;
      const { status } = await ask(`PUT /jobs/${victim}?cancel`);
      if (status === 200) cancelled.add(victim);
    }
  }
  await makeQueue('Active');
  await engine.jobs.idle();

  const counts = { Success: 0, Failed: 0, Cancel: 0 };
  for (const [index, id] of ids.entries()) {
    const { is } = await ask(`GET /jobs/${id}`);
    const state: keyof typeof counts = is.JobsDetail.State;
    counts[state] += 1;
    expect([id, state]).toEqual([
      id,
      cancelled.has(id) ? 'Cancel' : bad.has(id) ? 'Failed' : 'Success',
    ]);
    const output = engine.storage.objects.head(BUCKET, `out/${index}.mp4`);
    expect(output?.writtenBy).toBe(state === 'Success' ? `ci job ${id}` : undefined);
  }
  expect(cancelled.size).toBeGreaterThan(5);
  expect(operations.begun).toHaveLength(counts.Success + counts.Failed);
  expect(engine.events.list({ subscriber: 'nobody', limit: 1000 })).toHaveLength(counts.Success);
  expect(operations.runningAtMost).toBeLessThanOrEqual(10);
  await stop();
});

test('an engine that stops leaves its jobs for the next start, also those that ran', async () => {
  const data = join(folder, 'stopped');
  const before = await jobEngine({ data, queues: { maxConcurrent: 2 } });
  const ids = await before.heldBack(5);
  await before.stop();
  expect(before.operations.begun.every(({ signal }) => signal.aborted)).toBe(true);
  expect(readdirSync(join(data, 'work'))).toEqual([]);

  const after = await jobEngine({ data, queues: { maxConcurrent: 2 } });
  await after.engine.jobs.idle();
  expect(await after.recordsOf(...ids)).toMatchObject(ids.map(() => ({ State: 'Success' })));
  expect(after.operations.begun).toHaveLength(5);
  await after.stop();
});

test('a queue is paused after a start if it was before, but what ran runs again', async () => {
  const data = join(folder, 'paused');
  const before = await jobEngine({ data, queues: { maxConcurrent: 1 } });
  const [first = '', second = ''] = await before.heldBack(2);
  await before.makeQueue('Paused');
  await before.stop();

  const after = await jobEngine({ data, queues: { maxConcurrent: 1 } });
  await after.engine.jobs.idle();
  const states = (await after.recordsOf(first, second)).map((job: { State: string }) => job.State);
  expect(states).toEqual(['Success', 'Pause']);
  await after.stop();
});

test('a batch goes on after a start where it was', async () => {
  const data = join(folder, 'batch');
  const before = await jobEngine({ data });
  for (let index = 0; index < 80; index++) await before.put(`many/${index}.jpg`, 'x');
  before.operations.hold();
  const { is } = await before.ask('POST /inventorytriggerjob', batchJob('<Prefix>many/</Prefix>'));
  while (before.operations.running < 10) await wait(1);
  await before.stop();

  const after = await jobEngine({ data });
  await after.engine.jobs.idle();
  const record = await after.ask(`GET /inventorytriggerjob/${is.JobsDetail.JobId}`);
  expect(record.is.JobsDetail.State).toBe('Success');
  const outputs = after.engine.storage.objects.list(BUCKET, { prefix: 'out/', max: 1000 }).objects;
  expect(outputs).toHaveLength(80);
  expect(after.operations.pictures).toHaveLength(80);
  await after.stop();
});

test('a snapshot takes the queue with it, and brings it back', async () => {
  const { engine, ask, heldBack, letGo, operations, recordsOf, stop } = await jobEngine();
  const ids = await heldBack(12);
  await engine.storage.snapshots.save('busy');
  await letGo();
  expect(await recordsOf(...ids.slice(0, 10))).toMatchObject(
    ids.slice(0, 10).map(() => ({ State: 'Success' })),
  );
  const later = await ask('POST /jobs', videoJob());
  await engine.jobs.idle();

  operations.hold();
  await engine.storage.snapshots.load('busy');
  const states = (await recordsOf(ids[0] ?? '', ids[11] ?? '')).map(
    (job: { State: string }) => job.State,
  );
  expect(states).toEqual(['Running', 'Submitted']);
  const { is } = await ask(`GET /jobs/${later.is.JobsDetail.JobId}`);
  expect(is.NonExistJobIds).toBe(later.is.JobsDetail.JobId);
  await letGo();
  expect(await recordsOf(ids[11] ?? '')).toMatchObject({ State: 'Success' });

  await engine.storage.snapshots.reset();
  expect((await ask('GET /jobs?tag=SegmentVideoBody')).is).toBe('');
  await stop();
});
