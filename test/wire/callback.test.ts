import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Callback, readCallback, writeCallback } from '../../shared/wire/callback.ts';
import { jobRecord } from './jobs.ts';
import { describeFormat, refusedOrRead } from './wire-format.ts';

const EXAMPLE: Callback = {
  eventName: 'TaskFinish',
  jobs: [
    {
      code: 'Success',
      message: 'Success',
      jobId: 'ac34be3aa0bf411ed9ce39d7cc972e427',
      state: 'Success',
      createdAt: Date.UTC(2022, 6, 25, 8, 35, 39),
      startedAt: Date.UTC(2022, 6, 25, 8, 35, 39),
      endedAt: Date.UTC(2022, 6, 25, 8, 35, 43),
      queueId: 'p0123456789abcdef0123456789abcdef',
      tag: 'SegmentVideoBody',
      input: { bucketId: 'test-123456789', object: 'input/test.mp4', region: 'ap-chongqing' },
      operation: {
        parameters: [['SegmentVideoBody', [['Mode', 'Mask']]]],
        output: { region: 'ap-chongqing', bucket: 'test-123456789', object: 'output/out.mp4' },
        userData: 'text',
        jobLevel: 0,
        mediaInfo: {
          format: { Duration: '13', NumStream: '1', Size: '1909389' },
          video: [{ Bitrate: '1031968', Width: '1280' }],
          audio: [],
          subtitles: [],
        },
        mediaResult: {
          bucket: 'test-123456789',
          region: 'ap-chongqing',
          objectNames: ['output/out.mp4'],
          md5s: [],
        },
      },
    },
  ],
};

const XML =
  '<Response><EventName>TaskFinish</EventName><JobsDetail><Code>Success</Code><Message>Success</Message>' +
  '<JobId>ac34be3aa0bf411ed9ce39d7cc972e427</JobId><State>Success</State>' +
  '<CreationTime>2022-07-25T16:35:39+0800</CreationTime><StartTime>2022-07-25T16:35:39+0800</StartTime>' +
  '<EndTime>2022-07-25T16:35:43+0800</EndTime><QueueId>p0123456789abcdef0123456789abcdef</QueueId>' +
  '<Tag>SegmentVideoBody</Tag><Input><BucketId>test-123456789</BucketId><Object>input/test.mp4</Object>' +
  '<Region>ap-chongqing</Region></Input><Operation><SegmentVideoBody><Mode>Mask</Mode></SegmentVideoBody>' +
  '<Output><Region>ap-chongqing</Region><Bucket>test-123456789</Bucket><Object>output/out.mp4</Object></Output>' +
  '<UserData>text</UserData><JobLevel>0</JobLevel><MediaInfo><Format><Duration>13</Duration>' +
  '<NumStream>1</NumStream><Size>1909389</Size></Format><Stream><Video><Bitrate>1031968</Bitrate>' +
  '<Width>1280</Width></Video></Stream></MediaInfo><MediaResult><OutputFile><Bucket>test-123456789</Bucket>' +
  '<Region>ap-chongqing</Region><ObjectName>output/out.mp4</ObjectName></OutputFile></MediaResult>' +
  '</Operation></JobsDetail></Response>';

const JSON_VALUE = {
  EventName: 'TaskFinish',
  JobsDetail: [
    {
      Code: 'Success',
      Message: 'Success',
      JobId: 'ac34be3aa0bf411ed9ce39d7cc972e427',
      State: 'Success',
      CreationTime: '2022-07-25T16:35:39+0800',
      StartTime: '2022-07-25T16:35:39+0800',
      EndTime: '2022-07-25T16:35:43+0800',
      QueueId: 'p0123456789abcdef0123456789abcdef',
      Tag: 'SegmentVideoBody',
      Input: { BucketId: 'test-123456789', Object: 'input/test.mp4', Region: 'ap-chongqing' },
      Operation: {
        SegmentVideoBody: { Mode: 'Mask' },
        Output: { Region: 'ap-chongqing', Bucket: 'test-123456789', Object: 'output/out.mp4' },
        UserData: 'text',
        JobLevel: '0',
        MediaInfo: {
          Format: { Duration: '13', NumStream: '1', Size: '1909389' },
          Stream: { Video: [{ Bitrate: '1031968', Width: '1280' }] },
        },
        MediaResult: {
          OutputFile: {
            Bucket: 'test-123456789',
            Region: 'ap-chongqing',
            ObjectName: ['output/out.mp4'],
          },
        },
      },
    },
  ],
};

describe('a callback', () => {
  test('is read and written as JSON, with the same names and all numbers as text', () => {
    expect(readCallback(JSON.stringify(JSON_VALUE))).toStrictEqual(EXAMPLE);
    expect(JSON.parse(writeCallback(EXAMPLE, 'JSON'))).toStrictEqual(JSON_VALUE);
  });

  test('says the same with single values for lists, numbers for text, and nothing for nothing', () => {
    const [job] = JSON_VALUE.JobsDetail;
    const odd = {
      ...JSON_VALUE,
      JobsDetail: {
        ...job,
        Workflow: null,
        Operation: {
          ...job?.Operation,
          JobLevel: 0,
          MediaInfo: {
            Format: { Duration: 13, NumStream: 1, Size: 1909389 },
            Stream: { Video: { Bitrate: 1031968, Width: 1280 }, Audio: {}, Subtitle: [] },
          },
          MediaResult: {
            OutputFile: {
              Bucket: 'test-123456789',
              Region: 'ap-chongqing',
              ObjectName: 'output/out.mp4',
              Md5Info: null,
            },
          },
        },
      },
    };
    expect(readCallback(`\ufeff\n ${JSON.stringify(odd)}`)).toStrictEqual(EXAMPLE);
  });

  test('is told from its first character, after white space, in bytes or in text', () => {
    expect(readCallback(new TextEncoder().encode(`\n  ${XML}`))).toStrictEqual(EXAMPLE);
  });

  test('gives the id of a job of which everything else is odd', () => {
    const odd = {
      JobsDetail: [{ JobId: 'a1', State: 'Auditing', EndTime: 'soon', Progress: 'x' }],
    };
    expect(readCallback(JSON.stringify(odd))).toStrictEqual({
      eventName: '',
      jobs: [
        {
          jobId: 'a1',
          state: 'Auditing',
          tag: '',
          code: '',
          message: '',
          input: {},
          operation: { parameters: [] },
        },
      ],
    });
  });

  test('of a workflow names no job', () => {
    const body = '{"EventName":"WorkflowFinish","WorkflowExecution":{"RunId":"i1"}}';
    expect(readCallback(body)).toStrictEqual({ eventName: 'WorkflowFinish', jobs: [] });
  });

  test('of a picture job may have no etags, in either of its two forms', () => {
    const form = (inside: object) =>
      readCallback(
        JSON.stringify({ JobsDetail: { JobId: 'c1', Operation: { PicProcessResult: inside } } }),
      ).jobs[0]?.operation.picProcessResult;

    expect(
      form({
        ObjectName: 'o.png',
        OriginalInfo: { Etag: '', ImageInfo: { Width: 5 } },
        ProcessResult: { Etag: '', Size: '7' },
      }),
    ).toStrictEqual({ objectName: 'o.png', imageInfo: { width: 5 }, result: { size: 7 } });
    expect(
      form({
        UploadResult: {
          OriginalInfo: { ETag: '"e"', ImageInfo: { Width: '5' } },
          ProcessResults: { Object: { Key: 'o.png', Size: 7, ETag: '"f"' } },
        },
      }),
    ).toStrictEqual({
      objectName: 'o.png',
      originalEtag: 'e',
      imageInfo: { width: 5 },
      result: { size: 7, etag: 'f' },
    });
  });
});

test.for([
  ['nothing', ''],
  ['white space', ' \n '],
  ['a form', 'EventName=TaskFinish'],
  ['an empty object', '{}'],
  ['a list', '[{"EventName":"TaskFinish"}]'],
  ['half of a JSON', '{"EventName":"TaskFinish"'],
  ['a job without an id', '{"EventName":"TaskFinish","JobsDetail":[{"State":"Success"}]}'],
  ['a job with an empty id', '{"EventName":"TaskFinish","JobsDetail":[{"JobId":" "}]}'],
  ['a job with two ids', '{"JobsDetail":{"JobId":["a1","a2"]}}'],
  ['jobs that are text', '{"EventName":"TaskFinish","JobsDetail":"a1"}'],
  ['half a character', '{"EventName":"\\ud800","JobsDetail":[{"JobId":"a1"}]}'],
  ['NUL', '{"EventName":"\\u0000","JobsDetail":[{"JobId":"a1"}]}'],
  ['an error', '<Error><Code>AccessDenied</Code></Error>'],
  ['an answer without an event', '<Response/>'],
  ['text that is not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
] as const)('%s is no callback', ([, body]) => {
  expect(() => readCallback(body)).toThrow(
    expect.objectContaining({ code: 'CALLBACK_UNREADABLE' }),
  );
});

test.for([
  ['more than a thousand jobs', `{"JobsDetail":[${Array(1001).fill('{"JobId":"a"}').join()}]}`],
  ['ten megabytes', `{"EventName":"${'a'.repeat(10_000_000)}"}`],
  ['a hundred thousand brackets', `{"JobsDetail":${'['.repeat(100_000)}`],
] as const)('%s are more than is read', ([, body]) => {
  expect(() => readCallback(body)).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }));
});

test('names of the prototype are names like any other', () => {
  const body =
    '{"EventName":"TaskFinish","__proto__":{"jobs":1},"constructor":{"prototype":{"state":"x"}},' +
    '"JobsDetail":[{"JobId":"a1","Operation":{"__proto__":{"polluted":"yes"},"toString":"x"}}]}';
  const { jobs } = readCallback(body);
  expect(jobs[0]?.operation.parameters).toStrictEqual([
    ['__proto__', [['polluted', 'yes']]],
    ['toString', 'x'],
  ]);
  expect(readCallback(writeCallback({ eventName: 'TaskFinish', jobs }, 'JSON')).jobs).toStrictEqual(
    jobs,
  );
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
});

const callback: fc.Arbitrary<Callback> = fc.record({
  eventName: fc.constantFrom('TaskFinish', 'WorkflowFinish'),
  jobs: fc.array(jobRecord, { maxLength: 2 }),
});

describeFormat<Callback>({
  root: 'Response',
  read: readCallback,
  write: (value) => writeCallback(value, 'XML'),
  examples: [['the end of one job', EXAMPLE, XML]],
  values: callback,
});

test('every callback comes back as it was from JSON, too', () => {
  fc.assert(
    fc.property(callback, (value) => {
      expect(readCallback(writeCallback(value, 'JSON'))).toEqual(value);
    }),
  );
});

test('whatever JSON is posted, only faults are thrown', () => {
  const names = fc.constantFrom('JobsDetail', 'JobId', 'Operation', 'MediaInfo', 'Stream', 'Video');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom('a1', '', 0, null, true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(names, value), (body) => {
      refusedOrRead(() => readCallback(JSON.stringify(body)));
    }),
    { numRuns: 300 },
  );
});
