import type { Caller } from '../cam/caller.ts';
import type { Identities } from '../cam/identities.ts';
import type { CiService } from '../ci/ci-service.ts';
import type { Answer } from '../server/answer.ts';
import type { Incoming } from '../server/incoming.ts';
import type { BucketEvents } from './events/bucket-events.ts';
import type { Query } from './query.ts';
import type { Storage } from './storage/storage.ts';

/** What the object service works with. */
export interface CosService {
  readonly storage: Storage;
  readonly identities: Identities;
  readonly events: BucketEvents;
  /** Cloud Infinite, where the engine runs with it. */
  readonly ci?: CiService;
  readonly appid: string;
  /** Where a bucket is that was created without a word about its region. */
  readonly region: string;
  now(): number;
}

/** One request to a bucket or an object, found, signed by somebody, and about to be carried out. */
export interface Exchange {
  readonly service: CosService;
  readonly incoming: Incoming;
  readonly query: Query;
  readonly caller: Caller;
  /** As the client named it, for answers that repeat it. */
  readonly host: string;
  readonly bucket: string;
  readonly region: string;
  /** Empty for a request to the bucket itself. */
  readonly key: string;
  /** Says who asks, where an operation finds that out itself. */
  isFrom(caller: Caller): void;
  /** Refuses unless the caller may do this as well, to this key of this bucket or another. */
  mustBeAllowed(action: string, key: string, bucket?: string): void;
}

/** One thing the service does. The table of these is what the engine can, and its documentation. */
export interface CosOperation {
  /** The service's name for it, such as `PutObject`. */
  readonly name: string;
  readonly method: string;
  readonly on: 'bucket' | 'object';
  /** The parameter that selects it: `acl`, `uploads`. */
  readonly query?: string;
  /** A further parameter that must be there. */
  readonly withQuery?: string;
  /** What else selects it. */
  when?(query: Query): boolean;
  /** The header that selects it: `x-cos-copy-source`. */
  readonly header?: string;
  /** What a caller has to be allowed for it: `cos:PutObject`. */
  readonly action: string;
  /** Works on a bucket that is not there. */
  readonly withoutBucket?: true;
  /** Finds out itself who asks, or what of it they may. */
  readonly asksItself?: true;
  run(exchange: Exchange): Answer | Promise<Answer>;
}
