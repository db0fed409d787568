import { afterAll, expect, test } from 'vitest';
import { BUCKET } from '../../engine-for-tests.ts';
import { pictureJob, videoJob } from './ci-client.ts';
import { jobEngine } from './job-engine.ts';

const started = await jobEngine();
const { engine, ask, put, heldBack, letGo, recordOf, recordsOf } = started;
afterAll(() => started.stop());

const ROLE = 'CI_QCSRole';

test('a job fails when its object is not there', async () => {
  const record = await recordOf(videoJob({ input: 'in/none.mp4' }));
  expect(record).toMatchObject({ State: 'Failed', Code: 'ResourceNotFound' });
  expect(record.Message).toContain('in/none.mp4');
  expect(record.EndTime).not.toBe('-');
  expect(record.Operation).not.toHaveProperty('MediaResult');
});

test('a job fails when its object is no video, or no picture', async () => {
  await put('in/bad', 'bad');
  expect(await recordOf(videoJob({ input: 'in/bad' }))).toMatchObject({
    ...{ State: 'Failed', Code: 'InvalidArgument', Message: 'This is no video' },
  });
  expect(await recordOf(pictureJob('imageMogr2/rotate/90', { input: 'in/bad' }))).toMatchObject({
    ...{ State: 'Failed', Code: 'InvalidImageFormat', Message: 'This is no picture' },
  });
});

test.for([
  ['may not read', ['cos:PutObject'], 'ResourceAccessDenied', 'cos:GetObject'],
  ['may not write', ['cos:GetObject'], 'WriteTargetBucketDenied', 'cos:PutObject'],
] as const)('a job fails when the role %s', async ([, actions, code, missing]) => {
  const stored = engine.identities.role(ROLE);
  if (!stored) throw new Error('There is no role');
  const statement = [{ effect: 'allow', action: actions, resource: '*' }];
  await engine.identities.putPolicy('narrow', JSON.stringify({ version: '2.0', statement }));
  await engine.identities.putRole({ ...stored, policies: ['narrow'] });
  const record = await recordOf(videoJob());
  expect(record).toMatchObject({ State: 'Failed', Code: code });
  expect(record.Message).toContain(missing);
  await engine.identities.putRole(stored);
  expect(await recordOf(videoJob())).toMatchObject({ State: 'Success' });
});

test('a job fails when the role is taken away while it waits', async () => {
  const stored = engine.identities.role(ROLE);
  if (!stored) throw new Error('There is no role');
  await heldBack(10);
  const { is } = await ask('POST /jobs', videoJob());
  await engine.identities.removeRole(ROLE);
  await letGo();
  expect(await recordsOf(is.JobsDetail.JobId)).toMatchObject({
    State: 'Failed',
    Code: 'CIRoleNotExist',
  });
  expect((await ask('POST /jobs', videoJob())).is.Code).toBe('CIRoleNotExist');
  await engine.identities.putRole(stored);
});

test('a job fails when the bucket of its output is gone', async () => {
  await engine.makeBucket({ name: 'gone-1250000000' });
  await heldBack(10);
  const body = videoJob().replace(`<Bucket>${BUCKET}</Bucket>`, '<Bucket>gone-1250000000</Bucket>');
  const { is } = await ask('POST /jobs', body);
  await engine.storage.buckets.remove('gone-1250000000');
  await letGo();
  expect(await recordsOf(is.JobsDetail.JobId)).toMatchObject({
    State: 'Failed',
    Code: 'WriteTargetBucketDenied',
  });
});
