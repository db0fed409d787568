import { afterAll, describe, expect, test } from 'vitest';
import { BUCKET } from '../../engine-for-tests.ts';
import { outputTo, videoJob } from './ci-client.ts';
import { jobEngine } from './job-engine.ts';

const started = await jobEngine();
const { engine, operations, ask, done, heldBack, letGo, makeQueue, recordsOf } = started;
afterAll(() => started.stop());

describe('cancelling', () => {
  test('a job that runs is refused', async () => {
    const [id] = await heldBack(1);
    const { status, is } = await ask(`PUT /jobs/${id}?cancel`);
    expect({ status, code: is.Code }).toEqual({ status: 400, code: 'InvalidArgument' });
    expect(is.Message).toContain('is Running');
    await letGo();
    expect(await recordsOf(String(id))).toMatchObject({ State: 'Success' });
  });

  test('a job that has ended is refused', async () => {
    const { is } = await ask(`PUT /jobs/${await done(videoJob())}?cancel`);
    expect(is).toMatchObject({ Code: 'InvalidArgument', Message: /is Success/ });
  });

  test('a job that nobody has is refused, and several at once', async () => {
    const nobodys = await ask(`PUT /jobs/a${'1'.repeat(32)}?cancel`);
    expect(nobodys).toMatchObject({ status: 400, is: { Code: 'InvalidArgument' } });
    const two = await ask(`PUT /jobs/a1,a2?cancel`);
    expect(two).toMatchObject({ status: 400, is: { Code: 'InvalidArgument' } });
  });

  test('a job in a paused queue is done, and it never runs', async () => {
    await makeQueue('Paused');
    const before = operations.begun.length;
    const { is } = await ask('POST /jobs', videoJob());
    const { JobId, State } = is.JobsDetail;
    expect(State).toBe('Pause');
    expect((await ask(`PUT /jobs/${JobId}?cancel`)).status).toBe(200);
    await makeQueue('Active');
    await engine.jobs.idle();
    expect(operations.begun.length).toBe(before);
    expect(await recordsOf(JobId)).toMatchObject({ State: 'Cancel', StartTime: '-' });
  });
});

test('a pause holds back what waits and not what runs, and lists say so', async () => {
  const ids = await heldBack(12);
  const [first = '', last = ''] = [ids[0], ids[11]];
  const states = async () =>
    (await recordsOf(first, last)).map((job: { State: string }) => job.State);
  await makeQueue('Paused');
  expect(await states()).toEqual(['Running', 'Pause']);
  const { is } = await ask('GET /jobs?tag=SegmentVideoBody&states=Pause');
  expect(is.JobsDetail).toHaveLength(2);
  await letGo();
  expect(await states()).toEqual(['Success', 'Pause']);
  await makeQueue('Active');
  await engine.jobs.idle();
  expect(await states()).toEqual(['Success', 'Success']);
});

test('ten jobs of a queue run at once and no more', async () => {
  const before = operations.begun.length;
  await heldBack(15);
  expect(operations.begun.length - before).toBe(10);
  await letGo();
  expect(operations.begun.length - before).toBe(15);
  expect(operations.runningAtMost).toBe(10);
});

test('higher levels go first, and jobs of one level as they came', async () => {
  const single = await jobEngine({ queues: { maxConcurrent: 1 } });
  await single.heldBack(1);
  const keys: string[] = [];
  for (const [index, level] of [0, 2, 1, 2, 0].entries()) {
    keys.push(`${index} of level ${level}`);
    const operation = `<JobLevel>${level}</JobLevel>`;
    await single.ask('POST /jobs', videoJob({ output: `${keys.at(-1)}`, operation }));
  }
  await single.letGo();
  const writtenAt = (key: string) => single.engine.storage.objects.head(BUCKET, key)?.seq ?? 0;
  expect(keys.sort((a, b) => writtenAt(a) - writtenAt(b))).toEqual([
    ...['1 of level 2', '3 of level 2', '2 of level 1', '0 of level 0', '4 of level 0'],
  ]);
  await single.stop();
});

test('a full queue takes no more, and takes several jobs together or not at all', async () => {
  const small = await jobEngine({ queues: { maxSize: 3, maxConcurrent: 1 } });
  await small.heldBack(3);
  const operation = `<Operation><Tag>SegmentVideoBody</Tag>${outputTo('x')}</Operation>`;
  const two = `<Request><Input><Object>in/a.mp4</Object></Input>${operation}${operation}</Request>`;
  const refused = await small.ask('POST /jobs', two);
  expect(refused).toMatchObject({ status: 403, is: { Code: 'QueueSaturated' } });
  expect((await small.ask('POST /jobs', videoJob())).status).toBe(200);
  expect((await small.ask('POST /jobs', videoJob())).is.Code).toBe('QueueSaturated');
  await small.letGo();
  expect(small.operations.begun).toHaveLength(4);
  expect((await small.ask('POST /jobs', videoJob())).status).toBe(200);
  await small.stop();
});

test('many at once do not slip past a full queue', async () => {
  const small = await jobEngine({ queues: { maxSize: 5, maxConcurrent: 1 } });
  await small.heldBack(1);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => small.ask('POST /jobs', videoJob())),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  await small.letGo();
  await small.stop();
});

test('a queue can be made to refuse jobs while it is paused', async () => {
  const strict = await jobEngine({ switches: { pausedQueueRefuses: true } });
  await strict.makeQueue('Paused');
  const refused = await strict.ask('POST /jobs', videoJob());
  expect(refused).toMatchObject({ status: 403, is: { Code: 'QueuePaused' } });
  await strict.stop();
});

test('a job that takes too long is given up, and whoever makes the video is told', async () => {
  const hurried = await jobEngine({ jobTimeoutMs: 50 });
  await hurried.put('in/deaf.mp4', 'deaf');
  const record = await hurried.recordOf(videoJob({ input: 'in/deaf.mp4' }));
  expect(record).toMatchObject({ State: 'Failed', Code: 'InternalError', Message: /50 ms/ });
  expect(hurried.operations.begun[0]?.signal.aborted).toBe(true);
  await hurried.stop();
});

test('busy threads make a job wait, and not fail', async () => {
  const busy = await jobEngine();
  await busy.put('in/busy.mp4', 'slow down');
  const record = await busy.recordOf(videoJob({ input: 'in/busy.mp4' }));
  expect(record).toMatchObject({ State: 'Success' });
  expect(busy.operations.begun).toHaveLength(3);
  await busy.stop();
});

test('progress is told while a job runs', async () => {
  const half = await jobEngine();
  const [id = ''] = await half.heldBack(1);
  half.operations.begun[0]?.onProgress(41.9);
  half.operations.begun[0]?.onProgress(12);
  expect(await half.recordsOf(id)).toMatchObject({ State: 'Running', Progress: '41' });
  half.operations.begun[0]?.onProgress(100);
  expect(await half.recordsOf(id)).toMatchObject({ State: 'Running', Progress: '99' });
  await half.letGo();
  expect(await half.recordsOf(id)).toMatchObject({ State: 'Success', Progress: '100' });
  await half.stop();
});
