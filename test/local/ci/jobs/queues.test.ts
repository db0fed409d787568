import { afterAll, expect, test } from 'vitest';
import { BUCKET } from '../../engine-for-tests.ts';
import { videoJob } from './ci-client.ts';
import { jobEngine } from './job-engine.ts';

const started = await jobEngine();
const { engine, ask } = started;
afterAll(() => started.stop());

const idOf = (service: 'ai' | 'media' | 'pic') =>
  engine.jobs.queues.for(service, BUCKET)?.queueId ?? '';
const stranger = `p${'0'.repeat(32)}`;

test.for([
  ['/queue', ['AIProcess', 'Transcoding', 'PicProcessing']],
  ['/queue?category=CateAll', ['AIProcess', 'Transcoding', 'PicProcessing']],
  ['/queue?category=PicProcessing', ['PicProcessing']],
  ['/queue?category=Nothing', []],
  ['/ai_queue', ['AIProcess']],
  ['/picqueue', ['PicProcessing']],
  ['/queue?state=Paused', ['Transcoding']],
  ['/ai_queue?state=Paused', []],
  ['/queue?pageSize=2', ['AIProcess', 'Transcoding']],
  ['/queue?pageSize=2&pageNumber=2', ['PicProcessing']],
  [`/queue?queueIds=${stranger},${idOf('pic')}`, ['PicProcessing']],
] as const)('%s tells of the queues that fit', async ([path, categories]) => {
  const paused = '<Request><Name>media</Name><State>Paused</State></Request>';
  await ask(`PUT /queue/${idOf('media')}`, paused);
  const { is } = await ask(`GET ${path}`);
  const found = [is.QueueList ?? []].flat().map((queue: { Category: string }) => queue.Category);
  expect(found).toEqual(categories);
  if (path.includes(stranger)) expect(is.NonExistPIDs).toBe(stranger);
  if (path.includes('pageSize')) expect(is.TotalCount).toBe('3');
});

test('a queue keeps its id, and says when it was changed', async () => {
  const { is: before } = await ask('GET /ai_queue');
  engine.clock.advance(60_000);
  const body = '<Request><Name>renamed</Name><State>Active</State></Request>';
  await ask(`PUT /queue/${idOf('ai')}`, body);
  const { is: after } = await ask('GET /ai_queue');
  const { QueueId, CreateTime } = before.QueueList;
  expect(after.QueueList).toMatchObject({ QueueId, CreateTime, Name: 'renamed' });
  expect(after.QueueList.UpdateTime).not.toBe(before.QueueList.UpdateTime);
});

const update = (inside: string) => `<Request>${inside}</Request>`;
const notify = (inside: string) =>
  update(`<Name>q</Name><State>Active</State><NotifyConfig>${inside}</NotifyConfig>`);

test.for([
  ['nobody has it', stranger, update('<Name>q</Name><State>Active</State>'), 400, stranger],
  ['it would have no name', idOf('ai'), update('<State>Active</State>'), 400, 'Name'],
  ['its state is none', idOf('ai'), update('<Name>q</Name><State>On</State>'), 400, 'State'],
  [
    'it would call a private address',
    idOf('ai'),
    notify('<State>On</State><Type>Url</Type><Url>http://10.0.0.1/</Url>'),
    400,
    'Url',
  ],
  ['it would tell Kafka', idOf('ai'), notify('<State>On</State><Type>Kafka</Type>'), 501, 'Kafka'],
] as const)('a queue is not changed when %s', async ([, id, body, status, word]) => {
  const { is, ...answer } = await ask(`PUT /queue/${id}`, body);
  expect(answer.status).toBe(status);
  expect(is.Message).toContain(word);
});

test.for(['queueIds=1,2,3,4,5,6,7,8,9,10,11', 'state=On', 'pageNumber=0', 'pageSize=x'])(
  'queues are not told of for %s',
  async (query) => {
    const { status, is } = await ask(`GET /queue?${query}`);
    expect({ status, code: is.Code }).toEqual({ status: 400, code: 'InvalidArgument' });
  },
);

test('a job may name its own queue', async () => {
  const { status } = await ask(
    'POST /jobs',
    videoJob({ more: `<QueueId>${idOf('ai')}</QueueId>` }),
  );
  expect(status).toBe(200);
  await engine.jobs.idle();
});

test('opening media processing twice is refused, and the others are opened again', async () => {
  const bare = await jobEngine({ bareAccount: true });
  expect((await bare.ask('POST /mediabucket', '')).is.MediaBucket.BucketId).toBe(BUCKET);
  expect((await bare.ask('GET /queue')).is.QueueList.Category).toBe('Transcoding');
  const again = await bare.ask('POST /mediabucket', '');
  expect(again).toMatchObject({ status: 403, is: { Code: 'MediaBucketAlreadyBinded' } });
  const { is: first } = await bare.ask('POST /ai_bucket', '');
  bare.engine.clock.advance(5000);
  const { is: second } = await bare.ask('POST /ai_bucket', '');
  expect(second.AiBucket).toEqual(first.AiBucket);
  await bare.stop();
});
