// Everything that has an effect, as interfaces. `shared/client` implements them over HTTP, `shared/store`
// keeps records, and `shared/suite` puts both together.
//
// There is one port for all state: `Records`, texts under names. Ledger, checkpoints, jobs, outbox, runs
// and budgets are built over it, once, in this folder; a store is four functions and knows none of them.
// What a bucket offers decides what `Records` has: objects can be created once, overwritten, read and
// listed in order. They cannot be compared and swapped, and no function may delete one. So
//
// - what changes has numbered revisions, each created once: of several who change it, one succeeds;
// - what has to be come back to has a marker whose name begins with when (`agenda.ts`), and the timer lists
//   on from where it stopped: it never lists what is over;
// - what is over goes by its folder, by a rule of the bucket (`record-names.ts` says after how long).
import type { Clock } from '../core/clock.ts';
import type { Deadline } from '../core/deadline.ts';
import type { Log } from '../core/log.ts';
import type { ObjectRef, Source } from '../core/object-ref.ts';
import type { Places } from '../plan/places.ts';
import type { Rendering, Step } from '../plan/plan.ts';
import type { Request } from '../plan/requests-for.ts';
import type { Rules } from '../plan/rules.ts';
import type { Breaker } from '../progress/breaker.ts';
import type { JobReport, JobState } from '../progress/job.ts';
import type { Purse } from '../progress/purse.ts';
import type { Receipt } from '../progress/receipt.ts';
import type { StepRef } from '../progress/step-ref.ts';

/**
 * Texts under names. A name has folders, parted by `/`, of letters, digits and `-_.%`; it ends in
 * `.json` and is at most 300 characters long. A text is at most 256 KiB. What is written is seen by
 * everybody at once. Each function throws a fault when it cannot tell what came of it.
 */
export interface Records {
  /** The text under this name; nothing where there is none. */
  read(name: string): Promise<string | undefined>;
  /**
   * Writes where there is nothing; false where there is something. Of several callers at once exactly
   * one is told true, even if they write the same text: after an answer that was lost, a store finds
   * out whether what is there is its own writing.
   */
  create(name: string, text: string): Promise<boolean>;
  /** Writes, whatever was there. */
  write(name: string, text: string): Promise<void>;
  /** Names that begin so, in the order of their bytes, from behind `after`; at most `limit`. */
  list(
    prefix: string,
    from: { readonly after?: string; readonly limit: number },
  ): Promise<string[]>;
}

/** An object in a list: a list tells neither a content type nor metadata. */
type Listed = Pick<Source, 'bucket' | 'region' | 'key' | 'etag' | 'size' | 'modified'>;

/** A part of what is in a bucket. */
export interface Page {
  readonly objects: readonly Listed[];
  /** Where the next page starts; nothing after the last one. */
  readonly next: string | undefined;
}

/** Objects as they stand. */
export interface Objects {
  /** Nothing where there is no such object. */
  head(object: ObjectRef): Promise<Source | undefined>;
  /** In the order of the keys; the first page begins at the cursor `''`. */
  list(
    from: Pick<ObjectRef, 'bucket' | 'region'>,
    page: { readonly prefix: string; readonly cursor: string; readonly limit: number },
  ): Promise<Page>;
}

/** What came of one request. */
export interface Performed {
  /** One for each step of the request, in their order. */
  readonly receipts: readonly Receipt[];
  /** The service's name for the request, for its support and our log. */
  readonly requestId: string | undefined;
}

/** A job that the service knows. */
export interface FoundJob {
  readonly id: string;
  readonly state: JobState;
  readonly createdAt: number;
}

/** What processes pictures and videos, and is paid for it. */
export interface CloudInfinite {
  /**
   * Sends one request and waits for its answer, at most so long: then it is not sent any more, or its
   * outcome is unknown. A step that went wrong by itself has a failed receipt; a request that went
   * wrong as a whole throws its fault. Only what is certain not to have been carried out is sent again.
   */
  perform(request: Request, limit: { readonly timeoutMs: number }): Promise<Performed>;
  /** The jobs that were submitted for this step, newest first. */
  findJobs(
    step: Pick<StepRef, 'id'>,
    from: { readonly source: ObjectRef; readonly tag: string },
  ): Promise<readonly FoundJob[]>;
  /** How a job is; `lost` where the service does not know it. It runs where its source is. */
  jobState(id: string, at: Pick<ObjectRef, 'bucket' | 'region'>): Promise<JobReport>;
}

/** Signed addresses, each for so many seconds. Whoever has one may use it. */
export interface Addresses {
  /** To read an object as it is stored. */
  toRead(object: ObjectRef, seconds: number): string;
  /** To read what an operation makes of an object, or of the picture at an address. Nothing is stored. */
  toRender(
    source: ObjectRef | (Pick<ObjectRef, 'bucket' | 'region'> & { readonly pictureUrl: string }),
    call: Rendering['call'],
    seconds: number,
  ): string;
  /**
   * To upload an object and have these steps carried out by the same request. All headers are signed,
   * those that are given among them, and all are to be sent as they are.
   */
  toUpload(
    object: ObjectRef,
    steps: readonly Pick<Step, 'call' | 'target'>[],
    headers: Readonly<Record<string, string>>,
    seconds: number,
  ): { readonly url: string; readonly headers: Readonly<Record<string, string>> };
}

/** Tells others. */
export interface Notifier {
  /**
   * Posts a body as it is, with its id and signed with the time (`signatureText`); the answer's HTTP
   * status, or nothing where none came in time. It throws for nothing and follows no redirect.
   */
  post(
    url: string,
    notice: { readonly id: string; readonly body: string },
  ): Promise<number | undefined>;
}

/** Signs short texts with the keys for links. */
export interface Seals {
  /** Letters, digits, `-` and `_`. */
  seal(text: string): string;
  /** Whether any of the keys made this seal of this text. Takes the same time for each answer. */
  isSealOf(text: string, seal: string): boolean;
}

/** What a warm instance remembers from one invocation to the next. Losing it loses nothing but time. */
export interface Instance {
  purse: Purse;
  breaker: Breaker;
}

/**
 * The rules and everything with an effect, for one invocation. A function asks for what it uses:
 * `submit(plan, suite: Pick<Suite, 'records' | 'ci'>)`.
 */
export interface Suite {
  readonly rules: Rules;
  readonly places: Places;
  readonly records: Records;
  readonly objects: Objects;
  readonly ci: CloudInfinite;
  readonly addresses: Addresses;
  readonly notifier: Notifier;
  readonly seals: Seals;
  readonly instance: Instance;
  readonly deadline: Deadline;
  readonly log: Log;
  /** The service's time, as far as it is known. */
  readonly now: Clock;
  /** SHA-256 in hex: names of records are made of it. */
  readonly digest: (text: string) => string;
  /** Something that nobody guesses, of letters and digits: ids of runs. */
  readonly randomId: () => string;
}
