import { writeBatchJobList } from '../../../shared/wire/batch-job-list.ts';
import {
  type BatchJobRequest,
  readBatchJobRequest,
} from '../../../shared/wire/batch-job-request.ts';
import { readJobQuery } from '../../../shared/wire/job-query.ts';
import { xmlAnswer } from '../../cos/stored.ts';
import { invalid, notHere } from '../ci-error.ts';
import type { CiExchange, CiOperation } from '../ci-exchange.ts';
import { roleMustExist } from './as-ci-role.ts';
import { onlyId } from './ask-jobs.ts';
import { checkBatchOutput } from './batch-output.ts';
import { bodyBytes } from './body-bytes.ts';
import { isJobId, newJobId } from './job-id.ts';
import { kindToDo } from './job-kind.ts';
import { batchRecord, type StoredBatch } from './stored-batch.ts';
import { checkOutput, queueFor } from './submit-jobs.ts';

const PATHS = ['/inventorytriggerjob'];
const MAX_BODY = 256 * 1024;

/** `POST /inventorytriggerjob`: a job for each of many objects. */
export const createBatch: CiOperation = {
  name: 'CreateInventoryTriggerJob',
  method: 'POST',
  paths: PATHS,
  actions: ['ci:CreateInventoryTriggerJob'],
  async run(exchange) {
    const { service, incoming, bucket, region } = exchange;
    exchange.mustPassRole();
    const request = readBatchJobRequest(await bodyBytes(incoming, MAX_BODY));
    const queueId = checked(exchange, request);
    roleMustExist(service);
    const now = service.now();
    const batch: StoredBatch = {
      ...{ bucket, region, queueId, request, state: 'Submitted', code: 'Success', message: '' },
      ...{ jobId: newJobId('b', now), createdAt: now },
    };
    await service.jobs.submitBatch(batch);
    return answered(exchange, [batch]);
  },
};

/** `GET /inventorytriggerjob/<id>` */
export const describeBatch: CiOperation = {
  name: 'DescribeInventoryTriggerJob',
  method: 'GET',
  paths: PATHS,
  hasRest: true,
  actions: ['ci:DescribeInventoryTriggerJob', 'ci:DescribeInventoryTriggerJobs'],
  run(exchange) {
    const id = onlyId(exchange);
    const batch = exchange.service.jobs.batches.get(exchange.bucket, id);
    return batch ? answered(exchange, [batch]) : answered(exchange, [], [id]);
  },
};

export const listBatches: CiOperation = {
  name: 'DescribeInventoryTriggerJobs',
  method: 'GET',
  paths: PATHS,
  actions: ['ci:DescribeInventoryTriggerJobs'],
  run(exchange) {
    const { service, incoming, bucket, query } = exchange;
    // Everything the two kinds of list have in common is read alike; of a tag batches know nothing.
    const common = query.all.filter(({ name }) => name !== 'tag');
    const { nextToken, ...asked } = readJobQuery([...common, { name: 'tag', value: '-' }]);
    const after = nextToken === undefined ? undefined : idInToken(nextToken);
    const text = (name: string) => query.get(name) || undefined;
    const own = { type: text('type'), jobId: text('jobId'), name: text('name') };
    const shown = (batch: StoredBatch) => recordOf(exchange, batch);
    const { records, next } = service.jobs.batches.list(bucket, { ...asked, ...own, after }, shown);
    return xmlAnswer(
      writeBatchJobList({
        requestId: incoming.id,
        jobs: records,
        nonExistJobIds: [],
        ...(next !== undefined && { nextToken: tokenOf(next) }),
      }),
    );
  },
};

/** `PUT /inventorytriggerjob/<id>?cancel`, which the Go client sends without its parameter. */
export const cancelBatch: CiOperation = {
  name: 'CancelInventoryTriggerJob',
  method: 'PUT',
  paths: PATHS,
  hasRest: true,
  actions: ['ci:CancelInventoryTriggerJob'],
  async run(exchange) {
    const { service, bucket } = exchange;
    const id = onlyId(exchange);
    if (await service.jobs.cancelBatch(bucket, id)) return { status: 200, headers: {} };
    const state = service.jobs.batches.get(bucket, id)?.state;
    throw invalid(state === undefined ? `There is no job ${id}.` : `Job ${id} is ${state}.`);
  },
};

/** The queue of a batch whose every job could be carried out. */
function checked(exchange: CiExchange, { type, operation }: BatchJobRequest): string {
  const { service, bucket } = exchange;
  if (type === 'Workflow') throw notHere('workflows');
  const kind = kindToDo(operation.tag ?? '');
  if (kind.tag !== 'PicProcess') {
    throw invalid(`The service takes no batches of ${kind.tag}; list the objects and submit jobs.`);
  }
  service.jobs.opened.mustBeOpen(kind.service, bucket);
  const templateId = templateIn(operation.parameters);
  kind.check({ parameters: operation.parameters, ...(templateId && { templateId }) }, bucket);
  checkOutput(exchange, operation.output);
  checkBatchOutput(operation.output?.object ?? '');
  service.jobs.callbacks.check(operation.callback);
  if ((operation.jobLevel ?? 0) > 2) throw invalid('JobLevel is 0, 1 or 2.');
  return queueFor(exchange, kind, operation.queueId);
}

function templateIn(parameters: BatchJobRequest['operation']['parameters']): string | undefined {
  const value = parameters.find(([name]) => name === 'TemplateId')?.[1];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function answered(
  exchange: CiExchange,
  batches: readonly StoredBatch[],
  nonExistJobIds: readonly string[] = [],
) {
  const jobs = batches.map((batch) => recordOf(exchange, batch));
  return xmlAnswer(writeBatchJobList({ requestId: exchange.incoming.id, jobs, nonExistJobIds }));
}

function recordOf({ service }: CiExchange, batch: StoredBatch) {
  return batchRecord(batch, service.jobs.queues.isPaused(batch.bucket, batch.queueId));
}

function tokenOf(jobId: string): string {
  return Buffer.from(jobId, 'latin1').toString('base64url');
}

function idInToken(token: string): string {
  const id = Buffer.from(token, 'base64url').toString('latin1');
  if (!isJobId(id) || tokenOf(id) !== token) throw invalid('nextToken is none of ours.');
  return id;
}
