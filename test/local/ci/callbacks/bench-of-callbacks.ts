import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CallbacksOptions,
  type EngineCallbacks,
  openCallbacks,
} from '../../../../local/ci/callbacks/open-callbacks.ts';
import type { EndedJob } from '../../../../local/ci/callbacks-port.ts';
import { memoryStorage } from '../../../../local/cos/storage/memory-storage.ts';
import type { Storage } from '../../../../local/cos/storage/storage.ts';
import { engineClock } from '../../../../local/server/clock.ts';
import { type Callback, readCallback } from '../../../../shared/wire/callback.ts';
import type { JobRecord } from '../../../../shared/wire/job-record.ts';

export const BUCKET = 'studio-1250000000';
const REGION = 'ap-guangzhou';
export const START = Date.UTC(2026, 0, 1);
export const JOB = `a${'0'.repeat(32)}`;

interface Ended extends Partial<Pick<EndedJob, 'callback' | 'notify'>> {
  readonly record?: Partial<JobRecord>;
}

/** A video that is done. */
export function ended({ callback = {}, notify = {}, record = {} }: Ended = {}): EndedJob {
  const operation: JobRecord['operation'] = {
    parameters: [['SegmentVideoBody', [['Mode', 'Mask']]]],
    output: { region: REGION, bucket: BUCKET, object: 'out.mp4' },
    mediaResult: { bucket: BUCKET, region: REGION, objectNames: ['out.mp4'], md5s: [] },
  };
  const told = { code: 'Success', message: 'Success', state: 'Success', tag: 'SegmentVideoBody' };
  const times = { createdAt: START - 9_000, startedAt: START - 5_000, endedAt: START };
  const input = { bucketId: BUCKET, object: 'in.mp4', region: REGION };
  const job = { jobId: JOB, ...told, ...times, input, operation, ...record };
  return { record: job, bucket: BUCKET, region: REGION, callback, notify };
}

/** An id for the job with this number. */
export function jobId(number: number): string {
  return `a${String(number).padStart(32, '0')}`;
}

/** A storage, a clock that stands still, and the callbacks between them; restarted at will. */
export function benchOfCallbacks(
  over: Partial<CallbacksOptions> & { readonly storage?: Storage } = {},
) {
  const clock = engineClock();
  clock.freeze();
  clock.set(START);
  const options = {
    storage: memoryStorage({ clock: clock.now }),
    clock,
    appid: '1250000000',
    allowPrivate: true,
    report: (thrown: unknown) => {
      throw thrown;
    },
    ...over,
  };
  let callbacks: EngineCallbacks = openCallbacks(options);
  return {
    clock,
    storage: options.storage,
    get callbacks() {
      return callbacks;
    },
    /** As if the process had been killed and started again on what it kept. */
    restart(changed: Partial<CallbacksOptions> = {}) {
      callbacks.stop();
      callbacks = openCallbacks({ ...options, ...changed });
    },
    /** The job ends, and whatever can be done at this moment is done. */
    async end(job: EndedJob) {
      await options.storage.write(callbacks.writesFor(job));
      callbacks.wake();
      await callbacks.idle();
    },
    async forward(ms: number) {
      clock.advance(ms);
      await callbacks.idle();
    },
  };
}

export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
  readonly callback: Callback;
}

export type Reply = number | ((response: ServerResponse) => void);

/** A server that takes callbacks and answers as it is told; the last answer goes on. */
export async function receiver(...replies: readonly Reply[]) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method, url: path, headers } = request;
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({
      ...{ method, path, contentType: headers['content-type'], body },
      callback: readCallback(body),
    });
    const reply = replies[Math.min(received.length, replies.length) - 1] ?? 200;
    if (typeof reply === 'function') reply(response);
    else response.writeHead(reply).end(`said ${reply}`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    jobs: () => received.map(({ callback }) => callback.jobs[0]?.jobId),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
