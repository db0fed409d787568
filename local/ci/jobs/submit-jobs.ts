import { writeJobList } from '../../../shared/wire/job-list.ts';
import { type JobRequest, readJobRequest } from '../../../shared/wire/job-request.ts';
import { regionOf } from '../../cos/bucket.ts';
import { checkKey } from '../../cos/check-key.ts';
import { xmlAnswer } from '../../cos/stored.ts';
import { CiError, invalid, notHere } from '../ci-error.ts';
import type { CiExchange, CiOperation } from '../ci-exchange.ts';
import { roleMustExist } from './as-ci-role.ts';
import { bodyBytes } from './body-bytes.ts';
import { JOB_PATHS, type JobKind, kindToDo } from './job-kind.ts';
import { newJob } from './new-job.ts';
import type { StoredJob } from './stored-job.ts';

const MAX_BODY = 256 * 1024;

/** `POST /jobs`: each operation becomes a job, all of them or none. */
export const createJobs: CiOperation = {
  name: 'CreateMediaJobs',
  method: 'POST',
  paths: JOB_PATHS,
  actions: [],
  async run(exchange) {
    const { jobs: engine } = exchange.service;
    const request = readJobRequest(await bodyBytes(exchange.incoming, MAX_BODY));
    for (const { tag } of request.operations) exchange.mustBeAllowed([kindToDo(tag).action]);
    exchange.mustPassRole();
    const jobs = request.operations.map((operation) => jobOf(exchange, request, operation));
    engine.callbacks.check(request.callback);
    roleMustExist(exchange.service);
    if ((await engine.submit(jobs)) === 'saturated') throw new CiError('QueueSaturated');
    const records = jobs.map((job) => engine.shown(job));
    return xmlAnswer(writeJobList({ jobs: records, nonExistJobIds: [] }));
  },
};

function jobOf(
  exchange: CiExchange,
  { input, queueId, callback }: JobRequest,
  { tag, ...operation }: JobRequest['operations'][number],
): StoredJob {
  const { service, bucket, region } = exchange;
  const kind = kindToDo(tag);
  service.jobs.opened.mustBeOpen(kind.service, bucket);
  if (input.object === undefined) {
    if (input.url !== undefined) throw notHere('jobs whose Input is an address');
    throw invalid('Input needs an Object.');
  }
  kind.check(operation, bucket);
  checkOutput(exchange, operation.output);
  const queue = queueFor(exchange, kind, queueId);
  const place = { bucket, region, queueId: queue, tag, key: input.object };
  return newJob({ ...place, operation, callback, now: service.now() });
}

/** The queue of this kind of job, which may be named and may not be another. */
export function queueFor(
  { service, bucket }: Pick<CiExchange, 'service' | 'bucket'>,
  kind: JobKind,
  named: string | undefined,
): string {
  const queue = service.jobs.queues.for(kind.service, bucket);
  if (!queue) throw new CiError('InternalError');
  if (named !== undefined && named !== queue.queueId) {
    throw invalid(`QueueId is none of the queue for ${kind.tag}; leave it out.`);
  }
  if (queue.state === 'Paused' && service.ci.switches.pausedQueueRefuses) {
    throw new CiError('QueuePaused');
  }
  return queue.queueId;
}

export function checkOutput(
  { service }: Pick<CiExchange, 'service'>,
  output: JobRequest['operations'][number]['output'],
): void {
  if (!output || [output.region, output.bucket, output.object].includes('')) {
    throw invalid('Output needs a Region, a Bucket and an Object.');
  }
  if (!service.storage.buckets.get(output.bucket)) {
    throw invalid(`The bucket ${output.bucket.slice(0, 80)} of Output does not exist.`);
  }
  const region = regionOf(service, output.bucket);
  if (region !== output.region) {
    throw invalid(`The bucket of Output is in ${region} and not in ${output.region.slice(0, 40)}.`);
  }
  checkKey(output.object);
}
