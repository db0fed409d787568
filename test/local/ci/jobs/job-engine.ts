import { setTimeout } from 'node:timers/promises';
import COS from 'cos-nodejs-sdk-v5';
import type { EngineOptions } from '../../../../local/engine/options.ts';
import { BUCKET, engineForTests } from '../../engine-for-tests.ts';
import { asked, type CiAnswer, videoJob } from './ci-client.ts';
import { heldOperations } from './held-operations.ts';

/** An engine of one test file, with operations that can be held back, and two objects to work on. */
export async function jobEngine(options: EngineOptions = {}) {
  const operations = heldOperations();
  const started = await engineForTests({ operations, ...options });
  const { engine } = started;
  const cos = started.client(COS);
  const ask = (line: string, body?: string, host?: string): Promise<CiAnswer> =>
    asked(cos, line, body, host);
  const put = (key: string, body: string | Buffer) =>
    engine.storage.objects.put(BUCKET, key, Buffer.from(body));
  await put('in/a.mp4', 'film');
  await put('in/a.png', 'picture');

  /** The id of a job, once whatever can be done is done. */
  async function done(body: string): Promise<string> {
    const { is } = await ask('POST /jobs', body);
    await engine.jobs.idle();
    return is.JobsDetail.JobId;
  }

  return {
    ...started,
    ...{ operations, cos, ask, put, done },
    /** What is told of a job, or of several. */
    recordsOf: async (...ids: readonly string[]) =>
      (await ask(`GET /jobs/${ids.join(',')}`)).is.JobsDetail,
    /** What is told of a job that had its time. */
    recordOf: async (body: string) => (await ask(`GET /jobs/${await done(body)}`)).is.JobsDetail,
    /** Ids of videos that run or wait, because nothing may end. */
    async heldBack(count: number): Promise<string[]> {
      operations.hold();
      const ids: string[] = [];
      for (let index = 0; index < count; index++) {
        const { is } = await ask('POST /jobs', videoJob({ output: `held/${index}` }));
        ids.push(is.JobsDetail.JobId);
      }
      const begin = Math.min(count, options.queues?.maxConcurrent ?? 10);
      while (operations.running < begin) await setTimeout(1);
      return ids;
    },
    async letGo() {
      operations.letGo();
      await engine.jobs.idle();
    },
    /** Pauses or resumes the queue of videos. */
    async makeQueue(state: 'Active' | 'Paused') {
      const queue = engine.jobs.queues.for('ai', BUCKET)?.queueId;
      const body = `<Request><Name>q</Name><State>${state}</State></Request>`;
      return ask(`PUT /queue/${queue}`, body);
    },
  };
}
