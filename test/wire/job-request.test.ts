import { expect, test } from 'vitest';
import { type JobRequest, readJobRequest, writeJobRequest } from '../../shared/wire/job-request.ts';
import { jobRequest } from './jobs.ts';
import { describeFormat } from './wire-format.ts';

const EXAMPLES: readonly (readonly [what: string, xml: string, value: JobRequest])[] = [
  [
    'one video, with all that can be told',
    '<Request><Tag>SegmentVideoBody</Tag><Input><Object>input/test.mp4</Object></Input><Operation>' +
      '<SegmentVideoBody><Mode>Combination</Mode><SegmentType>HumanSeg</SegmentType>' +
      '<BackgroundLogoUrl>http://a-1.cos.ap-chongqing.myqcloud.com/bg.jpg?a=1&amp;b=2</BackgroundLogoUrl>' +
      '<BinaryThreshold>0</BinaryThreshold></SegmentVideoBody>' +
      '<Output><Region>ap-chongqing</Region><Bucket>test-123456789</Bucket><Object>output/out.mp4</Object></Output>' +
      '<UserData>text</UserData><JobLevel>0</JobLevel></Operation><QueueId>p1</QueueId>' +
      '<CallBack>http://callback.example.com</CallBack><CallBackFormat>JSON</CallBackFormat>' +
      '<CallBackType>TDMQ</CallBackType><CallBackMqConfig><MqRegion>bj</MqRegion><MqMode>Topic</MqMode>' +
      '<MqName>jobs</MqName></CallBackMqConfig></Request>',
    {
      input: { object: 'input/test.mp4' },
      queueId: 'p1',
      callback: {
        url: 'http://callback.example.com',
        format: 'JSON',
        type: 'TDMQ',
        queue: { region: 'bj', mode: 'Topic', name: 'jobs' },
      },
      operations: [
        {
          tag: 'SegmentVideoBody',
          parameters: [
            [
              'SegmentVideoBody',
              [
                ['Mode', 'Combination'],
                ['SegmentType', 'HumanSeg'],
                ['BackgroundLogoUrl', 'http://a-1.cos.ap-chongqing.myqcloud.com/bg.jpg?a=1&b=2'],
                ['BinaryThreshold', '0'],
              ],
            ],
          ],
          output: { region: 'ap-chongqing', bucket: 'test-123456789', object: 'output/out.mp4' },
          userData: 'text',
          jobLevel: 0,
        },
      ],
    },
  ],
  [
    'several operations, each with its tag',
    '<Request><Input><Object>a.jpg</Object></Input>' +
      '<Operation><Tag>PicProcess</Tag><PicProcess><ProcessRule>imageMogr2/rotate/90</ProcessRule></PicProcess></Operation>' +
      '<Operation><Tag>Transcode</Tag><TemplateId>t1</TemplateId><Watermark>1</Watermark><Watermark>2</Watermark></Operation></Request>',
    {
      input: { object: 'a.jpg' },
      callback: {},
      operations: [
        {
          tag: 'PicProcess',
          parameters: [['PicProcess', [['ProcessRule', 'imageMogr2/rotate/90']]]],
        },
        {
          tag: 'Transcode',
          templateId: 't1',
          parameters: [
            ['Watermark', '1'],
            ['Watermark', '2'],
          ],
        },
      ],
    },
  ],
  [
    'a job that takes no input',
    '<Request><Tag>Tts</Tag><Input/><Operation/></Request>',
    { input: {}, callback: {}, operations: [{ tag: 'Tts', parameters: [] }] },
  ],
];

describeFormat<JobRequest>({
  root: 'Request',
  read: readJobRequest,
  write: writeJobRequest,
  examples: EXAMPLES.map(([what, xml, value]) => [what, value, xml]),
  values: jobRequest,
});

test('what is empty counts as absent', () => {
  const xml =
    '<Request><Tag> SegmentVideoBody </Tag><QueueId/><CallBack/><CallBackFormat/><CallBackType/>' +
    '<CallBackMqConfig/><Input><Object>a</Object><Url/></Input><Operation><UserData/><JobLevel/></Operation></Request>';
  expect(readJobRequest(xml)).toStrictEqual({
    input: { object: 'a' },
    callback: {},
    operations: [{ tag: 'SegmentVideoBody', parameters: [] }],
  });
});

const inside = (operation: string, rest = '') =>
  `<Request><Tag>A</Tag><Operation>${operation}</Operation>${rest}</Request>`;

test.for([
  ['no Operation', '<Request><Tag>A</Tag></Request>', 'PARAMETER_INVALID'],
  ['no Tag', '<Request><Operation/></Request>', 'PARAMETER_INVALID'],
  [
    'an Output without a key',
    inside('<Output><Region>r</Region><Bucket>b</Bucket></Output>'),
    'PARAMETER_INVALID',
  ],
  ['UserData in another script', inside('<UserData>é</UserData>'), 'PARAMETER_INVALID'],
  ['too much UserData', inside(`<UserData>${'a'.repeat(1025)}</UserData>`), 'PARAMETER_INVALID'],
  ['a JobLevel below 0', inside('<JobLevel>-1</JobLevel>'), 'PARAMETER_INVALID'],
  ['a JobLevel above 2', inside('<JobLevel>3</JobLevel>'), 'PARAMETER_INVALID'],
  ['another format', inside('', '<CallBackFormat>YAML</CallBackFormat>'), 'PARAMETER_INVALID'],
  [
    'a queue that is not named',
    inside('', '<CallBackType>TDMQ</CallBackType>'),
    'PARAMETER_INVALID',
  ],
  [
    '101 operations',
    `<Request><Tag>A</Tag>${'<Operation/>'.repeat(101)}</Request>`,
    'PARAMETER_INVALID',
  ],
  [
    'the unclosed element of the sample',
    inside('', '<CallBackFormat>JSON<CallBackFormat>'),
    'XML_UNREADABLE',
  ],
  ['two inputs', inside('', '<Input/><Input/>'), 'XML_UNREADABLE'],
] as const)('a job request with %s is refused', ([, xml, code]) => {
  expect(() => readJobRequest(xml)).toThrow(expect.objectContaining({ code }));
});

test('a request the service would refuse is not written', () => {
  const operations = [{ tag: 'A', parameters: [], userData: 'a\nb' }];
  expect(() => writeJobRequest({ input: {}, callback: {}, operations })).toThrow(
    expect.objectContaining({ code: 'PARAMETER_INVALID' }),
  );
});
