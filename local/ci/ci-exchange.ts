import type { Caller } from '../cam/caller.ts';
import type { Query } from '../cos/query.ts';
import type { Answer } from '../server/answer.ts';
import type { Incoming } from '../server/incoming.ts';
import type { CiHost } from './jobs/ci-host.ts';
import type { EngineJobs } from './jobs/open-jobs.ts';

/** What the job hosts answer with. */
export interface JobService extends CiHost {
  readonly jobs: EngineJobs;
}

/** One signed request to a job host that names no bucket. */
export interface AccountExchange {
  readonly service: JobService;
  readonly incoming: Incoming;
  readonly query: Query;
  readonly caller: Caller;
  /** Nothing when the host names none. */
  readonly region: string | undefined;
}

/** One to the job host of a bucket. */
export interface CiExchange extends AccountExchange {
  readonly bucket: string;
  readonly region: string;
  /** By which of its paths the operation was asked. */
  readonly path: string;
  /** What follows the operation's own path: ids of jobs, or of a queue. */
  readonly rest: string;
  /** Refuses unless the caller may do one of these. */
  mustBeAllowed(actions: readonly string[]): void;
  /** Refuses unless the caller may hand the role of Cloud Infinite over. */
  mustPassRole(): void;
}

interface Route {
  /** The service's name for it. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Every path it goes by, the newest first. */
  readonly paths: readonly string[];
  /** One of these is enough: the pages do not agree on every name. None where it depends on the job. */
  readonly actions: readonly string[];
}

/** One thing the job hosts do for a bucket. */
export interface CiOperation extends Route {
  /** Something follows the path. */
  readonly hasRest?: true;
  /** The parameter that selects it. */
  readonly query?: string;
  run(exchange: CiExchange): Answer | Promise<Answer>;
}

/** One thing they do for the account. */
export interface AccountOperation extends Route {
  run(exchange: AccountExchange): Answer | Promise<Answer>;
}
