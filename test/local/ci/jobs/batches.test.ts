import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCiTime } from '../../../../shared/wire/ci-time.ts';
import { BUCKET, REGION } from '../../engine-for-tests.ts';
import { batchJob, videoJob } from './ci-client.ts';
import { jobEngine } from './job-engine.ts';

const started = await jobEngine();
const { engine, operations, ask, put } = started;
afterAll(() => started.stop());

const HOST = `http://${BUCKET}.cos.${REGION}.myqcloud.com`;

beforeAll(async () => {
  for (let index = 0; index < 120; index++) await put(`many/${index}.jpg`, `picture ${index}`);
  await put('many/folder/', '');
});

/** The batch, once whatever can be done is done, and the keys its jobs worked on. */
async function batchOf(input: string, more?: Parameters<typeof batchJob>[1]) {
  const { is } = await ask('POST /inventorytriggerjob', batchJob(input, more));
  await engine.jobs.idle();
  const id = is.JobsDetail.JobId;
  const { is: after } = await ask(`GET /inventorytriggerjob/${id}`);
  const keys: string[] = [];
  let token = '';
  do {
    const line = `GET /jobs?tag=PicProcess&size=100&inventoryTriggerJobId=${id}&orderByTime=Asc`;
    const { is: page } = await ask(`${line}&nextToken=${token}`);
    keys.push(...[page.JobsDetail ?? []].flat().map((job) => job.Input.Object));
    token = page.NextToken ?? '';
  } while (token !== '');
  return { id, record: after.JobsDetail, keys };
}

test('a batch over a prefix makes one job for each object, and ends when they have', async () => {
  const { id, record, keys } = await batchOf('<Prefix>many/</Prefix>');
  expect(id).toMatch(/^b[0-9a-f]{32}$/);
  expect(record).toMatchObject({
    ...{ JobId: id, State: 'Success', Code: 'Success', Name: 'all', Type: 'Job' },
    Input: { Prefix: 'many/' },
    Operation: { Tag: 'PicProcess', Output: { Bucket: BUCKET } },
  });
  expect(record.EndTime).not.toBe('-');
  expect(keys).toHaveLength(120);
  expect(new Set(keys).size).toBe(120);
  expect(keys).not.toContain('many/folder/');
  expect(engine.storage.objects.head(BUCKET, 'out/119.png')).toBeDefined();
});

test('a batch that writes below its own prefix does not go on for ever', async () => {
  await put('loop/a.jpg', 'a');
  await put('loop/b.jpg', 'b');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the service fills it in
  const output = 'loop/z-${InputName}-${InventoryTriggerJobId}.${ext}';
  const { id, keys } = await batchOf('<Prefix>loop/</Prefix>', { output });
  expect(keys).toEqual(['loop/a.jpg', 'loop/b.jpg']);
  expect(engine.storage.objects.head(BUCKET, `loop/z-a-${id}.jpg`)).toBeDefined();
});

test('a batch over one object has one job', async () => {
  const { keys, record } = await batchOf('<Object>many/7.jpg</Object>');
  expect(keys).toEqual(['many/7.jpg']);
  expect(record.State).toBe('Success');
});

test('a batch over a list of addresses has a job for each line', async () => {
  await put('one two+.jpg', 'x');
  await put('urls.txt', `${HOST}/many/1.jpg\r\n\n${HOST}/one%20two+.jpg\n`);
  const { keys } = await batchOf('<UrlFile>urls.txt</UrlFile>');
  expect(keys).toEqual(['many/1.jpg', 'one two+.jpg']);
});

test('a batch over an inventory has a job for each object of the bucket', async () => {
  const report = [
    `"1250000000","${BUCKET}","many/3.jpg","11"`,
    `"1250000000","shop","many/%E5%9B%BE%2C4.jpg","11"`,
    `1250000000,else,many/5.jpg,11`,
    `1250000000,${BUCKET},"many/6.jpg",11`,
  ].join('\n');
  await put('inventory/data/1.csv.gz', gzipSync(report));
  const manifest = {
    ...{ sourceBucket: BUCKET, fileFormat: 'CSV', fileSchema: 'Appid, Bucket, Key, Size' },
    files: [{ key: 'inventory/data/1.csv.gz', size: 1 }],
  };
  await put('inventory/manifest.json', JSON.stringify(manifest));
  const { keys } = await batchOf('<Manifest>inventory/manifest.json</Manifest>');
  expect(keys).toEqual(['many/3.jpg', 'many/图,4.jpg', 'many/6.jpg']);
});

test.for([
  ['a line that names nothing here', '<UrlFile>bad.txt</UrlFile>', 'InvalidArgument', 'Line 2'],
  ['a list that is not there', '<UrlFile>none.txt</UrlFile>', 'ResourceNotFound', 'none.txt'],
  ['an inventory that is none', '<Manifest>bad.txt</Manifest>', 'InvalidArgument', 'JSON'],
] as const)('a batch over %s fails, and says so', async ([, input, code, word]) => {
  await put('bad.txt', `${HOST}/many/1.jpg\nhttp://example.com/a.jpg`);
  const { record, keys } = await batchOf(input);
  expect(record).toMatchObject({ State: 'Failed', Code: code });
  expect(record.Message).toContain(word);
  expect(keys).toEqual([]);
});

test('a batch takes only objects of its time', async () => {
  const now = Math.floor(Date.now() / 1000) * 1000;
  engine.clock.freeze();
  for (const minutes of [1, 2, 3]) {
    engine.clock.set(now + minutes * 60_000);
    await put(`timed/${minutes}.jpg`, 'x');
  }
  const interval = (from: number, until: number) =>
    `<TimeInterval><Start>${writeCiTime(now + from * 60_000)}</Start>` +
    `<End>${writeCiTime(now + until * 60_000)}</End></TimeInterval>`;
  engine.clock.set(now + 200_000);
  const prefix = await batchOf('<Prefix>timed/</Prefix>', { operation: interval(2, 2) });
  expect(prefix.keys).toEqual(['timed/2.jpg']);
  await put('timed.txt', `${HOST}/timed/1.jpg\n${HOST}/timed/3.jpg`);
  const list = await batchOf('<UrlFile>timed.txt</UrlFile>', { operation: interval(2, 9) });
  expect(list.keys).toEqual(['timed/3.jpg']);
  engine.clock.set(Date.now());
  engine.clock.thaw();
});

test('what the operation of a batch says is said by each of its jobs', async () => {
  const operation = '<UserData>mine</UserData><JobLevel>2</JobLevel>';
  const { id } = await batchOf('<Object>many/7.jpg</Object>', { operation });
  const { is } = await ask(`GET /jobs?tag=PicProcess&inventoryTriggerJobId=${id}`);
  expect(is.JobsDetail.Operation).toMatchObject({ UserData: 'mine', JobLevel: '2' });
});

describe('a batch that goes on', () => {
  test('is cancelled with those of its jobs that wait, and makes no more', async () => {
    operations.hold();
    const { is } = await ask('POST /inventorytriggerjob', batchJob('<Prefix>many/</Prefix>'));
    const id = is.JobsDetail.JobId;
    while (operations.running < 10) await new Promise(setImmediate);
    const running = await ask(`GET /inventorytriggerjob/${id}`);
    expect(running.is.JobsDetail).toMatchObject({ State: 'Running', EndTime: '-' });
    // The Go client leaves the parameter out.
    expect((await ask(`PUT /inventorytriggerjob/${id}`)).status).toBe(200);
    const cancelled = await ask(`GET /inventorytriggerjob/${id}`);
    expect(cancelled.is.JobsDetail).toMatchObject({ State: 'Cancel' });
    operations.letGo();
    await engine.jobs.idle();
    const states = { Success: 0, Cancel: 0 };
    const line = `GET /jobs?tag=PicProcess&size=100&inventoryTriggerJobId=${id}`;
    const { is: jobs } = await ask(line);
    for (const { State } of jobs.JobsDetail) states[State as keyof typeof states] += 1;
    expect(states).toEqual({ Success: 10, Cancel: 40 });
    const again = await ask(`PUT /inventorytriggerjob/${id}?cancel`);
    expect(again).toMatchObject({ status: 400, is: { Code: 'InvalidArgument' } });
  });

  test('goes on when somebody cancels one of its jobs', async () => {
    operations.hold();
    const { is } = await ask('POST /inventorytriggerjob', batchJob('<Prefix>many/</Prefix>'));
    const id = is.JobsDetail.JobId;
    while (operations.running < 10) await new Promise(setImmediate);
    const line = `GET /jobs?tag=PicProcess&states=Submitted&size=1&inventoryTriggerJobId=${id}`;
    const waiting = await ask(line);
    await ask(`PUT /jobs/${waiting.is.JobsDetail.JobId}?cancel`);
    operations.letGo();
    await engine.jobs.idle();
    const after = await ask(`GET /inventorytriggerjob/${id}`);
    expect(after.is.JobsDetail.State).toBe('Success');
  });

  test('waits while its queue is paused, and is told of as paused', async () => {
    const queue = engine.jobs.queues.for('pic', BUCKET)?.queueId;
    const change = (state: string) =>
      ask(`PUT /picqueue/${queue}`, `<Request><Name>q</Name><State>${state}</State></Request>`);
    await change('Paused');
    const { is } = await ask('POST /inventorytriggerjob', batchJob('<Object>many/1.jpg</Object>'));
    const state = async () =>
      (await ask(`GET /inventorytriggerjob/${is.JobsDetail.JobId}`)).is.JobsDetail.State;
    await engine.jobs.idle();
    expect(await state()).toBe('Pause');
    await change('Active');
    await engine.jobs.idle();
    expect(await state()).toBe('Success');
  });
});

test('a batch leaves room in a small queue, and is finished all the same', async () => {
  const small = await jobEngine({ queues: { maxSize: 4, maxConcurrent: 2 } });
  for (let index = 0; index < 60; index++) await small.put(`many/${index}.jpg`, 'x');
  const { is } = await small.ask('POST /inventorytriggerjob', batchJob('<Prefix>many/</Prefix>'));
  const other = await small.ask('POST /inventorytriggerjob', batchJob('<Prefix>many/1</Prefix>'));
  await small.engine.jobs.idle();
  for (const answer of [is, other.is]) {
    const after = await small.ask(`GET /inventorytriggerjob/${answer.JobsDetail.JobId}`);
    expect(after.is.JobsDetail.State).toBe('Success');
  }
  expect(small.operations.pictures).toHaveLength(60 + 11);
  await small.stop();
});

test('batches are listed in pages, by name and by state', async () => {
  const { is: first } = await ask('GET /inventorytriggerjob?size=3&type=Job&orderByTime=Asc');
  expect(first.JobsDetail).toHaveLength(3);
  const rest = await ask(
    `GET /inventorytriggerjob?size=3&orderByTime=Asc&nextToken=${first.NextToken}`,
  );
  const id = (job: { JobId: string }) => job.JobId;
  expect([...first.JobsDetail, ...rest.is.JobsDetail].map(id)).toEqual(
    [...first.JobsDetail, ...rest.is.JobsDetail].map(id).sort(),
  );
  const failed = await ask('GET /inventorytriggerjob?states=Failed&size=100&name=all');
  expect(failed.is.JobsDetail).toHaveLength(3);
  expect((await ask('GET /inventorytriggerjob?name=other')).is).not.toHaveProperty('JobsDetail');
  const unknown = `b${'0'.repeat(32)}`;
  const { is: nobody } = await ask(`GET /inventorytriggerjob/${unknown}`);
  expect(nobody).toMatchObject({ NonExistJobIds: unknown });
});

const one = '<Object>many/1.jpg</Object>';

test.for([
  [
    'video jobs, which the service takes no batches of',
    batchJob(one).replaceAll('PicProcess', 'SegmentVideoBody'),
    400,
    'SegmentVideoBody',
  ],
  [
    'jobs of a kind the engine has not got',
    batchJob(one).replace('<Tag>PicProcess', '<Tag>Transcode'),
    501,
    'Transcode',
  ],
  [
    'workflows',
    batchJob(one)
      .replace('<Type>Job', '<Type>Workflow')
      .replace('<Tag>', '<WorkflowIds>w</WorkflowIds><Tag>'),
    501,
    'workflows',
  ],
  [
    'templates',
    batchJob(one).replace(
      /<JobParam>.*<\/JobParam>/,
      '<JobParam><TemplateId>t</TemplateId></JobParam>',
    ),
    501,
    'templates',
  ],
  ['two inputs', batchJob(`${one}<Prefix>many</Prefix>`), 400, 'Input'],
  ['no input', batchJob(''), 400, 'Input'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: nobody fills it in
  ['a variable nobody knows', batchJob(one, { output: 'out/${Everything}' }), 400, 'Everything'],
  ['a name that is none', batchJob(one).replace('>all<', '>a b<'), 400, 'Name'],
  ['a level above 2', batchJob(one, { operation: '<JobLevel>3</JobLevel>' }), 400, 'JobLevel'],
  [
    'a queue that is not its own',
    batchJob(one, { operation: '<QueueId>p1</QueueId>' }),
    400,
    'QueueId',
  ],
  [
    'a time nobody can read',
    batchJob(one, { operation: '<TimeInterval><Start>now</Start></TimeInterval>' }),
    400,
    'time',
  ],
  ['a job instead', videoJob(), 400, 'Name'],
] as const)('a batch with %s is refused', async ([, body, status, word]) => {
  const { is, ...answer } = await ask('POST /inventorytriggerjob', body);
  const code = status === 501 ? 'NotImplemented' : 'InvalidArgument';
  expect({ status: answer.status, code: is.Code }).toEqual({ status, code });
  expect(is.Message).toContain(word);
});
