import { allOver } from '../core/all-over.ts';
import { Fault, toFault } from '../core/fault.ts';
import type { ObjectRef, Source } from '../core/object-ref.ts';
import type { Step, StepId } from '../plan/plan.ts';
import type { Request } from '../plan/requests-for.ts';
import { jobStateOf } from '../progress/job.ts';
import type { Receipt } from '../progress/receipt.ts';
import type { CloudInfinite, FoundJob, Objects, Performed } from '../run/ports.ts';
import { type JobList, readJobList } from '../wire/job-list.ts';
import { writeJobQuery } from '../wire/job-query.ts';
import type { JobRecord } from '../wire/job-record.ts';
import { writeJobRequest } from '../wire/job-request.ts';
import { type ProcessedObject, readUploadResult } from '../wire/upload-result.ts';
import { type AddressTerms, lent, picOperationsFor } from './addresses.ts';
import type { Ask, Heard, Question } from './ask.ts';
import { requestIdOf } from './vendor-faults.ts';

export interface CloudInfiniteTerms extends Pick<AddressTerms, 'keys' | 'now'> {
  readonly ask: Ask;
  readonly objects: Pick<Objects, 'head'>;
  readonly digest: (text: string) => string;
  /** Where the service tells that the job of a step has ended; nothing where only the timer asks. */
  readonly callbackFor?: (step: StepId) => string;
}

/** As far as our clock and the service's may be apart, once it was set by an answer. */
const SAME_TIME_MS = 6000;

const JOBS_A_PAGE = 100;
const MOST_PAGES = 5;

export function openCloudInfinite(terms: CloudInfiniteTerms): CloudInfinite {
  const { ask, digest } = terms;
  return {
    perform: (request, limit) =>
      request.kind === 'job'
        ? submitJob(request, limit.timeoutMs, terms)
        : processPictures(request, limit.timeoutMs, terms),

    async findJobs({ id }, { source, tag }) {
      const mark = digest(id);
      const found: FoundJob[] = [];
      let nextToken: string | undefined;
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const list = await listJobs(source, tag, nextToken, ask);
        found.push(...list.jobs.filter((job) => job.operation.userData === mark).map(foundJob));
        nextToken = list.nextToken;
        if (nextToken === undefined) break;
      }
      return found;
    },

    async jobState(id, { bucket, region }) {
      const { body } = await ask({
        method: 'GET',
        at: { bucket, region },
        service: 'ci',
        path: `/jobs/${id}`,
        again: 'safe',
        limited: true,
      });
      const job = readJobList(body).jobs.find(({ jobId }) => jobId === id);
      if (!job) return { state: 'lost' };
      // A word we do not know says that it goes on.
      const state = jobStateOf(job.state) ?? 'submitted';
      if (state !== 'failed') return { state };
      return { state, trouble: { code: job.code, message: job.message.slice(0, 500) } };
    },
  };
}

async function processPictures(
  request: Extract<Request, { kind: 'pictures' }>,
  timeoutMs: number,
  terms: CloudInfiniteTerms,
): Promise<Performed> {
  const { source, steps } = request;
  const since = terms.now();
  let heard: Heard;
  try {
    heard = await terms.ask(pictureQuestion(request, timeoutMs, terms));
  } catch (thrown) {
    const fault = toFault(thrown, 'OUTCOME_UNKNOWN');
    if (steps.length < 2 || !mayBeOfOne(fault)) throw fault;
    const receipts = steps.map((step) => receiptAfterRefusal(step, source, since, fault, terms));
    return { receipts: await allOver(receipts), requestId: requestIdIn(fault) };
  }
  const results = [...readPaid(heard, source, (body) => readUploadResult(body).results)];
  const receipts = steps.map((step) => {
    const at = results.findIndex((result) => result.key === step.target.key);
    // Two rules may write one key of two buckets: each result is taken once, in their order.
    const [result] = at < 0 ? [] : results.splice(at, 1);
    return receiptOf(step, result, terms);
  });
  return { receipts: await allOver(receipts), requestId: requestIdOf(heard.headers) };
}

/** Whether a refusal may be meant for one step of several. */
function mayBeOfOne({ code, retry }: Fault): boolean {
  return retry === 'never' && code !== 'SERVICE_NOT_OPEN';
}

function pictureQuestion(
  { source, steps }: Extract<Request, { kind: 'pictures' }>,
  timeoutMs: number,
  terms: CloudInfiniteTerms,
): Question {
  const { bucket, region, key } = source;
  return {
    method: 'POST',
    at: { bucket, region },
    service: 'cos',
    path: `/${key}`,
    query: { image_process: '' },
    headers: { 'pic-operations': picOperationsFor(source, steps, terms) },
    again: 'paid',
    limited: true,
    withinMs: timeoutMs,
  };
}

/**
 * What became of one of several steps whose request was refused. The refusal does not say which step
 * is meant by it: a picture may be too large for one operation and right for the others. What is done
 * is done; all others are to be asked for by themselves, and then the refusal is theirs alone.
 */
async function receiptAfterRefusal(
  step: Step,
  source: Source,
  since: number,
  refusal: Fault,
  { objects }: Pick<CloudInfiniteTerms, 'objects'>,
): Promise<Receipt> {
  const found = await objects.head(step.target);
  const isNew = found && inSeconds(found.modified) > inSeconds(source.modified);
  if (isNew && found.modified >= since - SAME_TIME_MS) {
    return { step, status: 'done', output: { etag: found.etag, size: found.size } };
  }
  const fault = new Fault('REFUSED_TOGETHER', refusal.message, {
    detail: refusal.detail,
    cause: refusal,
  });
  return { step, status: 'failed', fault };
}

/** Some answers name no etag; then the object does. */
async function receiptOf(
  step: Step,
  result: ProcessedObject | undefined,
  { objects }: Pick<CloudInfiniteTerms, 'objects'>,
): Promise<Receipt> {
  const { bucket, key } = step.target;
  const etag = result && (result.etag ?? (await objects.head(step.target))?.etag);
  if (!result || !etag) {
    const fault = new Fault('OUTPUT_MISSING', `The answer tells of nothing at ${bucket}/${key}`);
    return { step, status: 'failed', fault };
  }
  const { size, width, height } = result;
  const output = {
    etag,
    ...(size !== undefined && { size }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
  return { step, status: 'done', output };
}

async function submitJob(
  { source, step }: Extract<Request, { kind: 'job' }>,
  timeoutMs: number,
  terms: CloudInfiniteTerms,
): Promise<Performed> {
  const { bucket, region, key } = source;
  const heard = await terms.ask({
    method: 'POST',
    at: { bucket, region },
    service: 'ci',
    path: '/jobs',
    headers: { 'content-type': 'application/xml' },
    body: jobBody(key, step, terms),
    again: 'paid',
    limited: true,
    withinMs: timeoutMs,
  });
  const jobId = readPaid(heard, source, (body) => {
    const [job] = readJobList(body).jobs;
    if (!job) throw new Fault('XML_UNREADABLE', 'An answer to a job names no job');
    return job.jobId;
  });
  return {
    receipts: [{ step, status: 'accepted', jobId }],
    requestId: requestIdOf(heard.headers),
  };
}

function jobBody(object: string, step: Step, terms: CloudInfiniteTerms): string {
  const call = lent(step.call, terms);
  if (call.via !== 'job') throw new Fault('PARAMETER_INVALID', `This is no job: ${step.id}`);
  const { level, callbackFormat, callbackType, callbackQueue } = call.settings;
  const url = terms.callbackFor?.(step.id);
  return writeJobRequest({
    input: { object },
    callback: {
      ...(url !== undefined && callbackType !== 'TDMQ' && { url }),
      ...(callbackFormat && { format: callbackFormat }),
      ...(callbackType && { type: callbackType }),
      ...(callbackQueue && { queue: callbackQueue }),
    },
    operations: [
      {
        tag: call.tag,
        parameters: call.body,
        output: {
          region: step.target.region,
          bucket: step.target.bucket,
          object: step.target.key,
        },
        // By this the job is found again when the answer is lost.
        userData: terms.digest(step.id),
        ...(level !== undefined && { jobLevel: level }),
      },
    ],
  });
}

/** What an answer says that was paid for. Where it cannot be read, nobody knows what was done. */
function readPaid<T>(heard: Heard, { bucket, key }: ObjectRef, read: (body: Buffer) => T): T {
  try {
    return read(heard.body);
  } catch (thrown) {
    const cause = toFault(thrown, 'XML_UNREADABLE');
    throw new Fault('OUTCOME_UNKNOWN', `The answer for ${bucket}/${key} cannot be read`, {
      detail: { requestId: requestIdOf(heard.headers) },
      cause,
    });
  }
}

async function listJobs(
  { bucket, region, key }: ObjectRef,
  tag: string,
  nextToken: string | undefined,
  ask: Ask,
): Promise<JobList> {
  const query = writeJobQuery({
    tag,
    inputObject: key,
    newestFirst: true,
    size: JOBS_A_PAGE,
    ...(nextToken !== undefined && { nextToken }),
  });
  const { body } = await ask({
    method: 'GET',
    at: { bucket, region },
    service: 'ci',
    path: '/jobs',
    query: Object.fromEntries(query.map(({ name, value }) => [name, value])),
    again: 'safe',
    limited: true,
  });
  return readJobList(body);
}

function foundJob({ jobId, state, createdAt = 0 }: JobRecord): FoundJob {
  return { id: jobId, state: jobStateOf(state) ?? 'submitted', createdAt };
}

function requestIdIn({ detail }: Fault): string | undefined {
  return typeof detail.requestId === 'string' ? detail.requestId : undefined;
}

/** The service tells times in whole seconds. */
function inSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
