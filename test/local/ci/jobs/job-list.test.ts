import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeCiTime } from '../../../../shared/wire/ci-time.ts';
import { videoJob } from './ci-client.ts';
import { jobEngine } from './job-engine.ts';

const started = await jobEngine();
const { engine, ask } = started;
afterAll(() => started.stop());

/** A whole minute, so that seconds can be counted; near enough for signatures to be good. */
const T0 = Math.floor(Date.now() / 60_000) * 60_000 + 60_000;
const ids: string[] = [];

beforeAll(async () => {
  engine.clock.freeze();
  for (let index = 0; index < 7; index++) {
    engine.clock.set(T0 + index * 10_500);
    const body = videoJob({ input: `list/${index % 2}`, output: `list/out${index}` });
    ids.push((await ask('POST /jobs', body)).is.JobsDetail.JobId);
    await engine.jobs.idle();
  }
});

test('a list goes through every job once, in pages, from either end', async () => {
  const pages = async (order: string) => {
    const found: string[] = [];
    let token = '';
    let requests = 0;
    do {
      const line = `GET /jobs?tag=SegmentVideoBody&size=3&orderByTime=${order}&nextToken=${token}`;
      const { is } = await ask(line);
      found.push(...[is.JobsDetail].flat().map((job) => job.JobId));
      token = is.NextToken ?? '';
      requests += 1;
    } while (token !== '');
    return { found, requests };
  };
  expect(await pages('Asc')).toEqual({ found: ids, requests: 3 });
  expect(await pages('Desc')).toEqual({ found: ids.toReversed(), requests: 3 });
});

test.for([
  ['', [6, 5, 4, 3, 2, 1, 0]],
  ['inputObject=list/1', [5, 3, 1]],
  ['inputObject=list', []],
  ['states=Failed', [6, 5, 4, 3, 2, 1, 0]],
  ['states=Success,Running', []],
  ['states=All&size=2', [6, 5]],
  ['endCreationTime=+21', [2, 1, 0]],
  ['endCreationTime=+20', [1, 0]],
  ['startCreationTime=+52', [6, 5]],
  ['startCreationTime=+53', [6]],
  ['queueId=p1', []],
  ['workflowId=w1', []],
  ['inventoryTriggerJobId=b1', []],
] as const)('a list with %s has those that fit', async ([filter, expected]) => {
  const timed = filter.replace(/\+(\d+)$/, (_, seconds) =>
    encodeURIComponent(writeCiTime(T0 + Number(seconds) * 1000)),
  );
  const { is } = await ask(`GET /jobs?tag=SegmentVideoBody&${timed}`);
  const found = [is.JobsDetail ?? []].flat().map((job: { JobId: string }) => job.JobId);
  expect(found).toEqual(expected.map((index) => ids[index]));
});

test.for([
  ['GET /jobs', 'tag'],
  ['GET /jobs?tag=SegmentVideoBody&size=101', 'size'],
  ['GET /jobs?tag=SegmentVideoBody&size=0', 'size'],
  ['GET /jobs?tag=SegmentVideoBody&states=Done', 'states'],
  ['GET /jobs?tag=SegmentVideoBody&orderByTime=Up', 'orderByTime'],
  ['GET /jobs?tag=SegmentVideoBody&nextToken=abc', 'nextToken'],
  ['GET /jobs?tag=SegmentVideoBody&startCreationTime=yesterday', 'time'],
] as const)('a list is refused for %s', async ([line, name]) => {
  const { status, is } = await ask(line);
  expect(status).toBe(400);
  expect(is.Code).toBe('InvalidArgument');
  expect(is.Message).toContain(name);
});

test('a list of another kind of job is empty, whether the engine has the kind or not', async () => {
  expect((await ask('GET /jobs?tag=Transcode')).is).toBe('');
});
