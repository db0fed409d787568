import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type JobQueue,
  type QueueList,
  type QueueUpdate,
  readQueueList,
  readQueueUpdate,
  readUpdatedQueue,
  writeQueueList,
  writeQueueUpdate,
  writeUpdatedQueue,
} from '../../shared/wire/queue.ts';
import { anyName, anyText, describeFormat, plainName } from './wire-format.ts';

const XML_OF_QUEUE =
  '<QueueId>p1</QueueId><Name>queue-ai</Name><State>Active</State><NotifyConfig>' +
  '<Url>http://callback.example.com</Url><State>On</State><Type>Url</Type><Event>TaskFinish,WorkflowFinish</Event>' +
  '<ResultFormat>JSON</ResultFormat><MqMode>Queue</MqMode><MqRegion>gz</MqRegion><MqName>q</MqName></NotifyConfig>' +
  '<MaxSize>10000</MaxSize><MaxConcurrent>10</MaxConcurrent><CreateTime>2022-06-27T14:44:10+0800</CreateTime>' +
  '<UpdateTime>2022-06-27T14:44:11+0800</UpdateTime><BucketId>a-1250000000</BucketId><Category>AIProcess</Category>';

const QUEUE: JobQueue = {
  queueId: 'p1',
  name: 'queue-ai',
  state: 'Active',
  notify: {
    state: 'On',
    url: 'http://callback.example.com',
    type: 'Url',
    event: 'TaskFinish,WorkflowFinish',
    resultFormat: 'JSON',
    mqMode: 'Queue',
    mqRegion: 'gz',
    mqName: 'q',
  },
  maxSize: 10000,
  maxConcurrent: 10,
  createdAt: Date.UTC(2022, 5, 27, 6, 44, 10),
  updatedAt: Date.UTC(2022, 5, 27, 6, 44, 11),
  bucketId: 'a-1250000000',
  category: 'AIProcess',
};

const bare: JobQueue = { queueId: 'p2', name: '', state: 'Paused', notify: {} };

const LISTS: readonly (readonly [what: string, xml: string, value: QueueList])[] = [
  [
    'two queues',
    `<Response><RequestId>r</RequestId><TotalCount>2</TotalCount><PageNumber>1</PageNumber><PageSize>10</PageSize><QueueList>${XML_OF_QUEUE}</QueueList><QueueList><QueueId>p2</QueueId><Name/><State>Paused</State><NotifyConfig/></QueueList></Response>`,
    {
      requestId: 'r',
      totalCount: 2,
      pageNumber: 1,
      pageSize: 10,
      queues: [QUEUE, bare],
      nonExistIds: [],
    },
  ],
  [
    'queues that do not exist',
    '<Response><RequestId>r</RequestId><TotalCount>0</TotalCount><PageNumber>1</PageNumber><PageSize>10</PageSize><NonExistPIDs>p8</NonExistPIDs><NonExistPIDs>p9</NonExistPIDs></Response>',
    {
      requestId: 'r',
      totalCount: 0,
      pageNumber: 1,
      pageSize: 10,
      queues: [],
      nonExistIds: ['p8', 'p9'],
    },
  ],
];

const queue: fc.Arbitrary<JobQueue> = fc.record(
  {
    queueId: fc.stringMatching(/^p[0-9a-f]{1,8}$/),
    name: anyText,
    state: fc.constantFrom('Active', 'Paused'),
    notify: fc.record({ url: anyName, mqName: anyName, event: anyName }, { requiredKeys: [] }),
    maxSize: fc.nat(),
    createdAt: fc.nat(4_000_000_000).map((seconds) => seconds * 1000),
    category: anyName,
  },
  { requiredKeys: ['queueId', 'name', 'state', 'notify'] },
);

describeFormat<QueueList>({
  root: 'Response',
  read: readQueueList,
  write: writeQueueList,
  examples: LISTS.map(([what, xml, value]) => [what, value, xml]),
  values: fc.record({
    requestId: anyText,
    totalCount: fc.nat(),
    pageNumber: fc.nat(),
    pageSize: fc.nat(),
    queues: fc.array(queue, { maxLength: 3 }),
    nonExistIds: fc.array(fc.stringMatching(/^p[0-9a-f]{1,8}$/), { maxLength: 2 }),
  }),
});

test('a list that says little is read all the same', () => {
  expect(readQueueList('<Response><QueueList/><NonExistPIDs/></Response>')).toStrictEqual({
    requestId: '',
    totalCount: 0,
    pageNumber: 1,
    pageSize: 0,
    queues: [],
    nonExistIds: [],
  });
});

test('the answer to a change is the queue as it is now', () => {
  const xml = `<Response><RequestId>r</RequestId><Queue>${XML_OF_QUEUE}</Queue></Response>`;
  expect(readUpdatedQueue(xml)).toStrictEqual(QUEUE);
  expect(writeUpdatedQueue('r', QUEUE)).toContain(xml);
  expect(() => readUpdatedQueue('<Response/>')).toThrow(
    expect.objectContaining({ code: 'XML_UNREADABLE' }),
  );
});

describeFormat<QueueUpdate>({
  root: 'Request',
  read: readQueueUpdate,
  write: writeQueueUpdate,
  examples: [
    [
      'a queue that is paused and tells nobody',
      { name: '队列', state: 'Paused', notify: { url: 'http://a', state: 'Off' } },
      '<Request><Name>队列</Name><State>Paused</State><NotifyConfig><Url>http://a</Url>' +
        '<State>Off</State></NotifyConfig></Request>',
    ],
  ],
  values: fc.record({
    name: plainName,
    state: fc.constantFrom('Active', 'Paused'),
    notify: fc.record({ url: anyName, mqRegion: anyName }, { requiredKeys: [] }),
  }),
});

test.for([
  ['no name', '<Request><State>Active</State></Request>'],
  ['too long a name', `<Request><Name>${'a'.repeat(129)}</Name><State>Active</State></Request>`],
  ['no state', '<Request><Name>a</Name></Request>'],
  ['another state', '<Request><Name>a</Name><State>active</State></Request>'],
] as const)('a queue cannot be given %s', ([, xml]) => {
  expect(() => readQueueUpdate(xml)).toThrow(
    expect.objectContaining({ code: 'PARAMETER_INVALID' }),
  );
});

test('more than a thousand queues are not read', () => {
  const xml = `<Response>${'<QueueList><QueueId>p</QueueId></QueueList>'.repeat(1001)}</Response>`;
  expect(() => readQueueList(xml)).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }));
});
