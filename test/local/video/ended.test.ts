import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, expect, test, vi } from 'vitest';
import { classicalOperations } from '../../../local/ci/classical.ts';
import { asked, videoJob } from '../ci/jobs/ci-client.ts';
import { BUCKET, engineForTests } from '../engine-for-tests.ts';
import { boxBefore, clipsForTests } from './clips-for-tests.ts';

// Videos are work, and machines that test are busy.
vi.setConfig({ testTimeout: 120_000 });

const clips = await clipsForTests();
afterAll(() => clips.drop());
// Long enough that nothing of it is done before it is ended.
const SHORT = await clips.make('short.mp4', boxBefore('0x20b040', { size: '640x360' }));
const LONG = clips.at('long.mp4');
await clips.ffmpeg('-stream_loop', '600', '-i', SHORT, '-c', 'copy', LONG);
const SCREEN = '<SegmentType>GreenScreenSeg</SegmentType>';

async function engineWith(
  options: { jobTimeoutMs?: number; limits?: { maxFrames?: number } } = {},
) {
  const { limits = {}, ...others } = options;
  const operations = classicalOperations({ videos: { limits, atOnce: 1 } });
  const started = await engineForTests({ operations, ...others });
  const cos = started.client(COS);
  const Body = await readFile(LONG);
  await cos.putObject({ Bucket: BUCKET, Region: 'ap-guangzhou', Key: 'long.mp4', Body });
  const submit = async () => {
    const body = videoJob({ input: 'long.mp4', segment: SCREEN });
    return (await asked(cos, 'POST /jobs', body)).is.JobsDetail.JobId as string;
  };
  const recordOf = async (id: string) => (await asked(cos, `GET /jobs/${id}`)).is.JobsDetail;
  return { ...started, cos, submit, recordOf };
}

/** The programs that this process has started and that still run. */
function children(): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const mine = status.includes(`PPid:\t${process.pid}\n`) && !status.includes('State:\tZ');
        return mine && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('ffmpeg');
      } catch {
        return false;
      }
    });
}

async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await is())) await wait(5);
}

test('progress rises while a video is worked on, and a stop ends its programs', async () => {
  const { engine, submit, recordOf, stop } = await engineWith();
  const id = await submit();
  await until(async () => Number((await recordOf(id)).Progress) >= 1);
  expect(await recordOf(id)).toMatchObject({ State: 'Running' });
  if (process.platform === 'linux') expect(children().length).toBeGreaterThan(0);
  await engine.jobs.stop();
  await until(() => children().length === 0);
  await stop();
});

test('a job that takes too long fails, and its programs end', async () => {
  const { engine, submit, recordOf, stop } = await engineWith({ jobTimeoutMs: 1500 });
  const id = await submit();
  await engine.jobs.idle();
  expect(await recordOf(id)).toMatchObject({
    ...{ State: 'Failed', Code: 'InternalError' },
    Message: expect.stringContaining('took longer than'),
  });
  await until(() => children().length === 0);
  expect(readdirSync(`${engine.paths.credentials.replace(/[^/]*$/, '')}work`)).toEqual([]);
  await stop();
});

test('a job that waits for its queue can be called off, and never starts', async () => {
  const { engine, cos, submit, recordOf, stop } = await engineWith();
  const queue = engine.jobs.queues.for('ai', BUCKET)?.queueId;
  const pause = '<Request><Name>q</Name><State>Paused</State></Request>';
  await asked(cos, `PUT /queue/${queue}`, pause);
  const id = await submit();
  expect((await asked(cos, `PUT /jobs/${id}?cancel`)).status).toBe(200);
  await asked(cos, `PUT /queue/${queue}`, pause.replace('Paused', 'Active'));
  await engine.jobs.idle();
  expect(await recordOf(id)).toMatchObject({ State: 'Cancel', StartTime: '-' });
  expect(children()).toEqual([]);
  await stop();
});

test('a video with more frames than are taken is refused before it costs anything', async () => {
  const { engine, submit, recordOf, stop } = await engineWith({ limits: { maxFrames: 50 } });
  const id = await submit();
  await engine.jobs.idle();
  expect(await recordOf(id)).toMatchObject({
    ...{ State: 'Failed', Code: 'InvalidArgument' },
    Message: expect.stringContaining('more than 50 frames'),
  });
  await stop();
});
