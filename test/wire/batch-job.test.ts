import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BatchJobList,
  readBatchJobList,
  writeBatchJobList,
} from '../../shared/wire/batch-job-list.ts';
import {
  type BatchJobRequest,
  readBatchJobRequest,
  writeBatchJobRequest,
} from '../../shared/wire/batch-job-request.ts';
import { anyName, anyText, describeFormat } from './wire-format.ts';

/** The service puts the id in. */
const KEY = `out/\${InventoryTriggerJobId}.png`;

const OPERATION =
  '<Operation><Tag>PicProcess</Tag><JobParam><PicProcess><IsPicInfo>false</IsPicInfo>' +
  '<ProcessRule>imageMogr2/rotate/90</ProcessRule></PicProcess></JobParam><QueueId>p1</QueueId>' +
  `<Output><Region>ap-x</Region><Bucket>a-1</Bucket><Object>${KEY}</Object></Output>` +
  '<TimeInterval><Start>2022-02-01T12:00:00+0800</Start><End>2022-05-01T12:00:00+0800</End></TimeInterval>' +
  '<UserData>text</UserData><JobLevel>1</JobLevel><CallBack>http://c</CallBack><CallBackFormat>JSON</CallBackFormat></Operation>';

const JOB: BatchJobRequest = {
  name: 'nightly_1-a',
  type: 'Job',
  input: { by: 'Prefix', value: 'in/' },
  operation: {
    tag: 'PicProcess',
    parameters: [
      [
        'PicProcess',
        [
          ['IsPicInfo', 'false'],
          ['ProcessRule', 'imageMogr2/rotate/90'],
        ],
      ],
    ],
    queueId: 'p1',
    output: { region: 'ap-x', bucket: 'a-1', object: KEY },
    uploadedFrom: Date.UTC(2022, 1, 1, 4),
    uploadedUntil: Date.UTC(2022, 4, 1, 4),
    userData: 'text',
    jobLevel: 1,
    callback: { url: 'http://c', format: 'JSON' },
  },
};

const REQUESTS: readonly (readonly [what: string, xml: string, value: BatchJobRequest])[] = [
  [
    'jobs for all under a prefix',
    `<Request><Name>nightly_1-a</Name><Type>Job</Type><Input><Prefix>in/</Prefix></Input>${OPERATION}</Request>`,
    JOB,
  ],
  [
    'a workflow over an inventory',
    '<Request><Name>w</Name><Type>Workflow</Type><Input><Manifest>inv/manifest.json</Manifest></Input><Operation><WorkflowIds>w1</WorkflowIds></Operation></Request>',
    {
      name: 'w',
      type: 'Workflow',
      input: { by: 'Manifest', value: 'inv/manifest.json' },
      operation: { parameters: [], workflowIds: 'w1', callback: {} },
    },
  ],
];

const time = fc.nat(4_000_000_000).map((seconds) => seconds * 1000);
const operation = fc.record(
  {
    tag: fc.constantFrom('PicProcess', 'Transcode'),
    parameters: fc.array(fc.tuple(fc.constantFrom('TemplateId', 'Transcode'), anyText), {
      maxLength: 3,
    }),
    queueId: anyName,
    uploadedFrom: time,
    uploadedUntil: time,
    jobLevel: fc.nat(2),
    callback: fc.record({ url: fc.webUrl() }),
  },
  { requiredKeys: ['tag', 'parameters', 'callback'] },
);
const job: fc.Arbitrary<BatchJobRequest> = fc.record({
  name: fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/),
  type: fc.constant('Job' as const),
  input: fc.record({
    by: fc.constantFrom('Manifest', 'UrlFile', 'Prefix', 'Object'),
    value: anyName,
  }),
  operation,
});

describeFormat<BatchJobRequest>({
  root: 'Request',
  read: readBatchJobRequest,
  write: writeBatchJobRequest,
  examples: REQUESTS.map(([what, xml, value]) => [what, value, xml]),
  values: job,
});

const request = (parts: Readonly<Record<string, string>>) => {
  const { Name, Type, Input, Operation } = {
    Name: 'a',
    Type: 'Job',
    Input: '<Object>k</Object>',
    Operation: '<Tag>A</Tag>',
    ...parts,
  };
  return `<Request><Name>${Name}</Name><Type>${Type}</Type><Input>${Input}</Input><Operation>${Operation}</Operation></Request>`;
};

test.for([
  [{ Name: '' }, 'Name'],
  [{ Name: 'a b' }, 'Name'],
  [{ Name: 'a'.repeat(129) }, 'Name'],
  [{ Type: 'job' }, 'Type'],
  [{ Input: '' }, 'Input'],
  [{ Input: '<Prefix/><Object/>' }, 'Input'],
  [{ Input: '<Prefix>a</Prefix><Object>b</Object>' }, 'Input'],
  [{ Operation: '' }, 'Tag'],
  [{ Type: 'Workflow' }, 'WorkflowIds'],
  [{ Operation: '<Tag>A</Tag><TimeInterval><Start>then</Start></TimeInterval>' }, 'not a time'],
] as const)('a batch job with %j is refused', ([parts, why]) => {
  expect(() => readBatchJobRequest(request(parts))).toThrow(
    expect.objectContaining({ code: 'PARAMETER_INVALID', message: expect.stringContaining(why) }),
  );
});

const LIST_XML =
  '<Response><RequestId>r</RequestId><JobsDetail><Code>Success</Code><Message/><Type>Job</Type><Name>nightly_1-a</Name>' +
  '<JobId>b1</JobId><State>Submitted</State><CreationTime>2022-06-27T14:44:10+0800</CreationTime><StartTime>-</StartTime>' +
  `<EndTime>-</EndTime><Input><Prefix>in/</Prefix></Input>${OPERATION}</JobsDetail>` +
  '<NonExistJobIds>b9</NonExistJobIds><NextToken>t</NextToken></Response>';

const LIST: BatchJobList = {
  requestId: 'r',
  jobs: [
    {
      jobId: 'b1',
      name: 'nightly_1-a',
      type: 'Job',
      state: 'Submitted',
      code: 'Success',
      message: '',
      createdAt: Date.UTC(2022, 5, 27, 6, 44, 10),
      input: JOB.input,
      operation: JOB.operation,
    },
  ],
  nonExistJobIds: ['b9'],
  nextToken: 't',
};

describeFormat<BatchJobList>({
  root: 'Response',
  read: readBatchJobList,
  write: writeBatchJobList,
  examples: [['one batch job, and the id of none', LIST, LIST_XML]],
  values: fc.record({
    requestId: anyText,
    jobs: fc.array(
      job.map(({ name, type, input, operation }) => ({
        jobId: 'b1',
        name,
        type,
        state: 'Running',
        code: 'Success',
        message: '',
        startedAt: 0,
        input,
        operation,
      })),
      { maxLength: 2 },
    ),
    nonExistJobIds: fc.constantFrom([], ['b8', 'b9']),
  }),
});

test('a list is read in the spelling of the Go SDK, and when it says next to nothing', () => {
  const xml =
    '<Response><JobsDetail><JobId>b1</JobId></JobsDetail><NonExistJobId>b9</NonExistJobId><NextToken/></Response>';
  expect(readBatchJobList(xml)).toStrictEqual({
    requestId: '',
    jobs: [
      {
        jobId: 'b1',
        name: '',
        type: '',
        state: '',
        code: '',
        message: '',
        operation: { parameters: [], callback: {} },
      },
    ],
    nonExistJobIds: ['b9'],
  });
});

test('more than a thousand batch jobs are not read', () => {
  const xml = `<Response>${'<JobsDetail><JobId>b</JobId></JobsDetail>'.repeat(1001)}</Response>`;
  expect(() => readBatchJobList(xml)).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }));
});
