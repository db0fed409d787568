import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JobList, readJobList, writeJobList } from '../../shared/wire/job-list.ts';
import { isWireJobState } from '../../shared/wire/job-record.ts';
import { jobRecord } from './jobs.ts';
import { describeFormat } from './wire-format.ts';

const SUBMITTED =
  '<JobsDetail><Code>Success</Code><Message/><JobId>ac7c990a00bf211ed946af9e0691f2b7a</JobId>' +
  '<State>Submitted</State><CreationTime>2022-06-27T14:44:10+0800</CreationTime><StartTime>-</StartTime>' +
  '<EndTime>-</EndTime><QueueId>pcd463e1467964d39ad2d3f66aacd8199</QueueId><Tag>SegmentVideoBody</Tag>' +
  '<Input><BucketId>test-123456789</BucketId><Object>input/test.mp4</Object><Region>ap-chongqing</Region></Input>' +
  '<Operation><SegmentVideoBody><Mode>Mask</Mode></SegmentVideoBody><Output><Region>ap-chongqing</Region>' +
  '<Bucket>test-123456789</Bucket><Object>output/out.mp4</Object></Output><UserData>This is my data.</UserData>' +
  '<JobLevel>0</JobLevel></Operation></JobsDetail>';

const TRIGGERED =
  '<JobsDetail><Code>Failed</Code><Message>no face</Message><JobId>c1</JobId><State>Failed</State>' +
  '<Progress>100</Progress><CreationTime>-</CreationTime><StartTime>-</StartTime><EndTime>-</EndTime>' +
  '<Tag>PicProcess</Tag><SubTag>x</SubTag><Input><Object>a</Object><CosHeaders><Key>Content-Type</Key>' +
  '<Value>image/png</Value></CosHeaders></Input><Operation><TemplateId>t1</TemplateId><PicProcessResult>' +
  '<ObjectName>o</ObjectName><OriginalInfo><Etag/></OriginalInfo><ProcessResult><Etag>&quot;e&quot;</Etag>' +
  '<Width>1</Width></ProcessResult></PicProcessResult></Operation><Workflow><Name>n</Name><RunId>r</RunId>' +
  '</Workflow></JobsDetail>';

const submitted = {
  code: 'Success',
  message: '',
  jobId: 'ac7c990a00bf211ed946af9e0691f2b7a',
  state: 'Submitted',
  createdAt: Date.UTC(2022, 5, 27, 6, 44, 10),
  queueId: 'pcd463e1467964d39ad2d3f66aacd8199',
  tag: 'SegmentVideoBody',
  input: { bucketId: 'test-123456789', object: 'input/test.mp4', region: 'ap-chongqing' },
  operation: {
    parameters: [['SegmentVideoBody', [['Mode', 'Mask']]]],
    output: { region: 'ap-chongqing', bucket: 'test-123456789', object: 'output/out.mp4' },
    userData: 'This is my data.',
    jobLevel: 0,
  },
} as const;

const triggered = {
  code: 'Failed',
  message: 'no face',
  jobId: 'c1',
  state: 'Failed',
  progress: 100,
  tag: 'PicProcess',
  subTag: 'x',
  input: { object: 'a', cosHeaders: [{ key: 'Content-Type', value: 'image/png' }] },
  operation: {
    parameters: [],
    templateId: 't1',
    picProcessResult: { objectName: 'o', result: { etag: 'e', width: 1 } },
  },
  workflow: { name: 'n', runId: 'r' },
} as const;

const EXAMPLES: readonly (readonly [what: string, xml: string, value: JobList])[] = [
  ['one job', `<Response>${SUBMITTED}</Response>`, { jobs: [submitted], nonExistJobIds: [] }],
  [
    'jobs and ids of none',
    `<Response>${SUBMITTED}${TRIGGERED}<NonExistJobIds>a1</NonExistJobIds><NonExistJobIds>a2</NonExistJobIds></Response>`,
    { jobs: [submitted, triggered], nonExistJobIds: ['a1', 'a2'] },
  ],
  [
    'a page that another follows',
    `<Response>${TRIGGERED}<NextToken>t</NextToken></Response>`,
    { jobs: [triggered], nonExistJobIds: [], nextToken: 't' },
  ],
  ['nothing', '<Response/>', { jobs: [], nonExistJobIds: [] }],
];

const list: fc.Arbitrary<JobList> = fc.record(
  {
    jobs: fc.array(jobRecord, { maxLength: 3 }),
    nonExistJobIds: fc.array(fc.stringMatching(/^[a-z0-9]{1,8}$/), { maxLength: 2 }),
    nextToken: fc.base64String({ minLength: 4 }),
  },
  { requiredKeys: ['jobs', 'nonExistJobIds'] },
);

describeFormat<JobList>({
  root: 'Response',
  read: readJobList,
  write: writeJobList,
  examples: EXAMPLES.map(([what, xml, value]) => [what, value, xml]),
  values: list,
});

test('empty elements of the last page mean nothing', () => {
  const xml =
    '<Response><RequestId>r</RequestId><JobsDetail><JobId>a</JobId><Workflow/><Input><CosHeaders/></Input>' +
    '<Operation><MediaInfo/><MediaResult/><PicProcessResult/><Output/></Operation></JobsDetail>' +
    '<NonExistJobIds/><NextToken/></Response>';
  expect(readJobList(xml)).toStrictEqual({
    jobs: [
      {
        jobId: 'a',
        state: '',
        tag: '',
        code: '',
        message: '',
        input: {},
        operation: { parameters: [] },
      },
    ],
    nonExistJobIds: [],
  });
});

test('a state the service invents is told apart from those we know', () => {
  expect(['Submitted', 'Pause', 'Cancel'].every(isWireJobState)).toBe(true);
  expect(['', 'success', 'Auditing', 'constructor'].some(isWireJobState)).toBe(false);
});

test('more than a thousand jobs are not read', () => {
  const xml = `<Response>${'<JobsDetail><JobId>a</JobId></JobsDetail>'.repeat(1001)}</Response>`;
  expect(() => readJobList(xml)).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }));
});
