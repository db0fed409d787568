import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { instantOperations } from '../../../local/ci/instant.ts';
import { asked, videoJob } from '../ci/jobs/ci-client.ts';
import { BUCKET, type EngineForTests, engineForTests, REGION } from '../engine-for-tests.ts';
import { scfClient } from './account-clients.ts';
import { deployed } from './deployed.ts';

let running: EngineForTests;
beforeAll(async () => {
  // Without leave to reach private addresses, and with no network: what is told is told inside.
  running = await engineForTests({ operations: instantOperations() });
});
afterAll(() => running.stop());

test('a job that ends tells the function whose address it was given', async () => {
  const { engine } = running;
  const cos = running.client(COS);
  await deployed(
    engine,
    'on-callback',
    'exports.main_handler = async (e) => { console.log(JSON.stringify(e)); };',
  );
  const { TriggerInfo } = await scfClient(engine).CreateTrigger({
    ...{ FunctionName: 'on-callback', TriggerName: 'url', Type: 'http' },
    TriggerDesc: '{"AuthType":"NONE"}',
  });
  const address = JSON.parse(TriggerInfo?.TriggerDesc ?? '').NetConfig.ExtranetUrl as string;
  await cos.putObject({ Bucket: BUCKET, Region: REGION, Key: 'in/a.mp4', Body: 'film' });
  const url = `${address}/v1/callbacks/token?b=1`;
  const submitted = await asked(
    cos,
    'POST /jobs',
    videoJob({ more: `<CallBack>${url}</CallBack>` }),
  );
  expect(submitted.status).toBe(200);
  await engine.jobs.idle();
  await engine.callbacks.idle();
  await engine.scf.host.idle();
  expect(engine.callbacks.list()).toMatchObject([{ state: 'delivered' }]);
  const [run] = engine.scf.logs.list({ function: 'on-callback' });
  expect(JSON.parse(run?.log ?? '')).toMatchObject({
    ...{ httpMethod: 'POST', path: '/v1/callbacks/token', queryString: { b: '1' } },
    headers: { 'content-type': 'application/xml' },
    body: expect.stringContaining('<Tag>SegmentVideoBody</Tag>'),
  });
});
