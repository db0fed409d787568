import { writeJobList } from '../../../shared/wire/job-list.ts';
import { readJobIds, readJobQuery } from '../../../shared/wire/job-query.ts';
import { xmlAnswer } from '../../cos/stored.ts';
import { invalid } from '../ci-error.ts';
import type { CiExchange, CiOperation } from '../ci-exchange.ts';
import { kindOfId } from './job-kind.ts';

const PATHS = ['/jobs', '/ai_jobs', '/pic_jobs', '/asr_jobs'];

/** `GET /jobs/<id>,<id>`: up to ten, and which of them are nobody's. */
export const describeJob: CiOperation = {
  name: 'DescribeMediaJob',
  method: 'GET',
  paths: PATHS,
  hasRest: true,
  run(exchange) {
    const { service, bucket, rest } = exchange;
    exchange.mustBeAllowed(['ci:DescribeMediaJob', 'ci:DescribeMediaJobs']);
    const { jobs } = service;
    const asked = readJobIds(rest).map((id) => [id, jobs.store.get(bucket, id)] as const);
    return xmlAnswer(
      writeJobList({
        jobs: asked.flatMap(([, job]) => (job ? [jobs.shown(job)] : [])),
        nonExistJobIds: asked.flatMap(([id, job]) => (job ? [] : [id])),
      }),
    );
  },
};

export const listJobs: CiOperation = {
  name: 'DescribeMediaJobs',
  method: 'GET',
  paths: PATHS,
  async run(exchange) {
    const { service, bucket, query } = exchange;
    exchange.mustBeAllowed(['ci:DescribeMediaJobs']);
    const { jobs } = service;
    const page = await jobs.store.list(bucket, readJobQuery(query.all), (job) => jobs.shown(job));
    const { records, ...next } = page;
    return xmlAnswer(writeJobList({ jobs: records, nonExistJobIds: [], ...next }));
  },
};

/** `PUT /jobs/<id>?cancel`: only what waits can be cancelled. */
export const cancelJob: CiOperation = {
  name: 'CancelMediaJob',
  method: 'PUT',
  paths: PATHS,
  hasRest: true,
  query: 'cancel',
  async run(exchange) {
    const { service, bucket } = exchange;
    const id = onlyId(exchange);
    exchange.mustBeAllowed(kindOfId(id)?.cancelActions ?? ['ci:CancelMediaJob']);
    const outcome = await service.jobs.cancel(bucket, id);
    if (outcome === 'no-job') throw invalid(`There is no job ${id}.`);
    if (outcome === 'not-waiting') {
      const state = service.jobs.store.get(bucket, id)?.record.state;
      throw invalid(`Job ${id} is ${state}; only a job that waits can be cancelled.`);
    }
    return { status: 200, headers: {} };
  },
};

export function onlyId({ rest }: CiExchange): string {
  const [id, ...others] = readJobIds(rest);
  if (id === undefined || others.length > 0) throw invalid('This is about one job only.');
  return id;
}
