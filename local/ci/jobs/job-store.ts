import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JobQuery } from '../../../shared/wire/job-query.ts';
import type { JobRecord } from '../../../shared/wire/job-record.ts';
import type { Storage } from '../../cos/storage/storage.ts';
import type { Table } from '../../cos/storage/table.ts';
import { invalid } from '../ci-error.ts';
import { isJobId } from './job-id.ts';
import { kindOf } from './job-kind.ts';
import { JOBS, jobKey, jobWrites, OPEN_JOBS, type OpenJob, type StoredJob } from './stored-job.ts';

/** So many are read before somebody else gets a turn. */
const SLICE = 200;

export interface JobPage {
  readonly records: readonly JobRecord[];
  readonly nextToken?: string;
}

/** The jobs on disk. */
export class JobStore {
  readonly #storage: Pick<Storage, 'table' | 'write'>;
  readonly #jobs: Table<StoredJob>;
  readonly #open: Table<OpenJob>;

  constructor(storage: Pick<Storage, 'table' | 'write'>) {
    this.#storage = storage;
    this.#jobs = storage.table(JOBS);
    this.#open = storage.table(OPEN_JOBS);
  }

  get(bucket: string, jobId: string): StoredJob | undefined {
    return this.#jobs.get(jobKey(bucket, jobId));
  }

  /** All of them, or none. */
  async keep(jobs: readonly StoredJob[]): Promise<void> {
    await this.#storage.write(jobs.flatMap(jobWrites));
  }

  /** Those that have not ended, as they came. */
  open(): readonly (readonly [bucket: string, jobId: string, open: OpenJob])[] {
    return this.#open.range().map(([key, open]) => {
      const end = key.indexOf('\0');
      return [key.slice(0, end), key.slice(end + 1), open];
    });
  }

  /** `shown` says how a job is told of at this moment, which may not be how it is kept. */
  async list(
    bucket: string,
    query: JobQuery,
    shown: (job: StoredJob) => JobRecord,
  ): Promise<JobPage> {
    const kind = kindOf(query.tag);
    const records: JobRecord[] = [];
    if (!kind) return { records };
    const prefix = jobKey(bucket, kind.letter);
    const token = query.nextToken === undefined ? undefined : idInToken(query.nextToken);
    let last = token === undefined ? undefined : jobKey(bucket, token);
    for (;;) {
      const page = this.#jobs.range({
        ...{ prefix, limit: SLICE, reverse: query.newestFirst },
        ...(last !== undefined && (query.newestFirst ? { to: last } : { from: `${last}\0` })),
      });
      for (const [key, job] of page) {
        last = key;
        const record = shown(job);
        if (!isAskedFor(job, record, query)) continue;
        // One more than fits says that there is a next page.
        const full = records.at(query.size - 1);
        if (full) return { records, nextToken: tokenOf(full.jobId) };
        records.push(record);
      }
      if (page.length < SLICE) return { records };
      await nextTurn();
    }
  }
}

function isAskedFor({ batch }: StoredJob, record: JobRecord, query: JobQuery): boolean {
  const created = record.createdAt ?? 0;
  return (
    record.tag === query.tag &&
    fits(query.queueId, record.queueId) &&
    fits(query.inventoryTriggerJobId, batch) &&
    fits(query.workflowId, record.workflow?.workflowId) &&
    fits(query.inputObject, record.input.object) &&
    (query.states === undefined || query.states.some((state) => state === record.state)) &&
    // Times on the wire have seconds, and a job shows the second it was made in.
    (query.createdFrom === undefined || created >= wholeSecond(query.createdFrom)) &&
    (query.createdUntil === undefined || wholeSecond(created) <= query.createdUntil)
  );
}

function fits(wanted: string | undefined, is: string | undefined): boolean {
  return wanted === undefined || wanted === is;
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** Opaque to clients, so that nobody takes it for the id of a job. */
function tokenOf(jobId: string): string {
  return Buffer.from(jobId, 'latin1').toString('base64url');
}

function idInToken(token: string): string {
  const id = Buffer.from(token, 'base64url').toString('latin1');
  if (!isJobId(id) || tokenOf(id) !== token) throw invalid('nextToken is none of ours.');
  return id;
}
