import type { JobRecord } from '../../../shared/wire/job-record.ts';
import type { ObjectRecord } from '../../cos/storage/object-record.ts';
import type { Body } from '../../cos/storage/objects.ts';
import type { CiHost } from './ci-host.ts';
import type { StoredJob } from './stored-job.ts';

/** What a job is carried out with. */
export interface Attempt {
  readonly job: StoredJob;
  readonly host: CiHost;
  /** A folder of its own, gone afterwards. */
  folder(): Promise<string>;
  readonly signal: AbortSignal;
  onProgress(percent: number): void;
}

/** What a job came to, before it is written. */
export interface CarriedOut {
  readonly body: Body;
  readonly contentType: string;
  /** What the record tells once the output is there. */
  results(output: ObjectRecord): Partial<JobRecord['operation']>;
}
