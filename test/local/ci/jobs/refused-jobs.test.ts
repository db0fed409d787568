import { afterAll, expect, test } from 'vitest';
import { BUCKET, REGION } from '../../engine-for-tests.ts';
import { videoJob } from './ci-client.ts';
import { jobEngine } from './job-engine.ts';

const started = await jobEngine({ buckets: [BUCKET, 'other-1250000000'] });
const { engine, ask } = started;
afterAll(() => started.stop());

test.for([
  ['no output', videoJob().replace(/<Output>.*<\/Output>/, ''), 'Output'],
  ['an output without a region', videoJob().replace(/<Region>.*?<\/Region>/, ''), 'Output'],
  [
    'an output in a bucket that is not there',
    videoJob().replaceAll(BUCKET, 'none-1250000000'),
    'none-1250000000',
  ],
  ['an output in another region', videoJob().replace(REGION, 'ap-beijing'), 'ap-guangzhou'],
  ['no object', videoJob().replace(/<Input>.*<\/Input>/, ''), 'Input'],
  ['a mode nobody knows', videoJob({ segment: '<Mode>Alpha</Mode>' }), 'Mode'],
  [
    'a colour that is none',
    videoJob({ segment: '<BackgroundRed>256</BackgroundRed>' }),
    'BackgroundRed',
  ],
  [
    'Combination without a background',
    videoJob({ segment: '<Mode>Combination</Mode>' }),
    'BackgroundLogoUrl',
  ],
  [
    'a background of another bucket',
    videoJob({
      segment: `<Mode>Combination</Mode><BackgroundLogoUrl>http://other-1250000000.cos.${REGION}.myqcloud.com/bg.jpg</BackgroundLogoUrl>`,
    }),
    'BackgroundLogoUrl',
  ],
  ['a level above 2', videoJob({ operation: '<JobLevel>3</JobLevel>' }), 'JobLevel'],
  ['user data that is not ASCII', videoJob({ operation: '<UserData>ü</UserData>' }), 'UserData'],
  [
    'a queue that is not its own',
    videoJob({ more: `<QueueId>p${'0'.repeat(32)}</QueueId>` }),
    'QueueId',
  ],
  [
    'a callback to nowhere',
    videoJob({ more: '<CallBack>ftp://example.com</CallBack>' }),
    'CallBack',
  ],
  ['a tag nobody knows', videoJob().replaceAll('SegmentVideoBody', 'Nonsense'), 'Nonsense'],
] as const)('a job with %s is refused', async ([, body, word]) => {
  const { status, is } = await ask('POST /jobs', body);
  expect({ status, code: is.Code }).toEqual({ status: 400, code: 'InvalidArgument' });
  expect(is.Message).toContain(word);
});

test.for([
  [
    'jobs of a kind the service has',
    'POST /jobs',
    videoJob().replaceAll('SegmentVideoBody', 'Transcode'),
    'Transcode',
  ],
  [
    'callbacks to Kafka',
    'POST /jobs',
    videoJob({ more: '<CallBackType>Kafka</CallBackType>' }),
    'Kafka',
  ],
  ['templates', 'POST /template', '<Request/>', '/template'],
  ['workflows', 'GET /workflow', undefined, '/workflow'],
  [
    'an address for an input',
    'POST /jobs',
    videoJob()
      .replaceAll('Object>in/a.mp4<', 'Url>http://a/b<')
      .replace('</Object></Input>', '</Url></Input>'),
    'Input',
  ],
] as const)('the engine has not got %s, and says so', async ([, line, body, word]) => {
  const { status, is } = await ask(line, body);
  expect({ status, code: is.Code }).toEqual({ status: 501, code: 'NotImplemented' });
  expect(is.Message).toContain(word);
});

test.for(['/ai_jobs', '/pic_jobs', '/asr_jobs'])('%s is another name of /jobs', async (path) => {
  const { is } = await ask(`POST ${path}`, videoJob());
  await engine.jobs.idle();
  const { is: got } = await ask(`GET ${path}/${is.JobsDetail.JobId}`);
  expect(got.JobsDetail.State).toBe('Success');
  const { is: list } = await ask(`GET ${path}?tag=SegmentVideoBody&size=1`);
  expect(list.JobsDetail.JobId).toBe(is.JobsDetail.JobId);
});
