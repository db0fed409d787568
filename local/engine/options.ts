import type { KeyPair } from '../cam/identities.ts';
import type { QueueLimits } from '../ci/jobs/queues.ts';
import type { Operations } from '../ci/operations-port.ts';
import type { Switches } from '../ci/switches.ts';
import type { Patience } from '../server/patience.ts';
import type { LoggedRequest } from '../server/request-log.ts';

/** How an engine is started. Everything has a default that a laptop can live with. */
export interface EngineOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly tlsPort?: number;
  /** More addresses than this machine's own. */
  readonly listen?: readonly string[];
  /** The folder everything is kept in; nothing keeps it all in memory. */
  readonly data?: string;
  /** Acknowledged also means that it survives a power cut. */
  readonly sync?: boolean;
  /** The owner's keys; made once and kept where none are given. */
  readonly credentials?: KeyPair;
  readonly region?: string;
  /** Full names, `<name>-<appid>`. The first takes requests that name none. */
  readonly buckets?: readonly string[];
  /** Lets `detect-url`, masks and callbacks reach private addresses. */
  readonly allowPrivateFetch?: boolean;
  /** Without the service roles, and without the services that a console opens. */
  readonly bareAccount?: boolean;
  /** How long clients are waited for; tests have less of it. */
  readonly patience?: Partial<Patience>;
  /** Who processes pictures and videos; classical operations where nobody else is named. */
  readonly operations?: Operations;
  /** How many jobs wait and run in a queue; the service's own numbers unless given. */
  readonly queues?: Partial<QueueLimits>;
  /** One job may take so long, in real time; an hour unless given. */
  readonly jobTimeoutMs?: number;
  /** Undecided behaviour of the service, by name. */
  readonly switches?: Partial<Switches>;
  readonly onRequest?: (entry: LoggedRequest) => void;
}

export const DEFAULT_PORT = 9000;
export const DEFAULT_REGION = 'ap-guangzhou';
export const DEFAULT_APPID = '1250000000';
