import { writeJobList } from '../../../shared/wire/job-list.ts';
import { readJobIds, readJobQuery } from '../../../shared/wire/job-query.ts';
import { xmlAnswer } from '../../cos/stored.ts';
import { invalid } from '../ci-error.ts';
import type { CiExchange, CiOperation } from '../ci-exchange.ts';
import { JOB_PATHS, kindOfId } from './job-kind.ts';

/** `GET /jobs/<id>,<id>`: up to ten, and which of them are nobody's. */
export const describeJob: CiOperation = {
  name: 'DescribeMediaJob',
  method: 'GET',
  paths: JOB_PATHS,
  hasRest: true,
  actions: ['ci:DescribeMediaJob', 'ci:DescribeMediaJobs'],
  run({ service, bucket, rest }) {
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
  paths: JOB_PATHS,
  actions: ['ci:DescribeMediaJobs'],
  async run({ service, bucket, query }) {
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
  paths: JOB_PATHS,
  hasRest: true,
  query: 'cancel',
  actions: [],
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
