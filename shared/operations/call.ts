import type { ObjectRef } from '../core/object-ref.ts';

/**
 * Another object that a call reads besides its source: a mask, a background. Where its address
 * belongs, the call's text says `{name}`; a signed address takes that place when the request is
 * sent, so that no address that expires stands in a plan, a step id or a log.
 */
export interface Borrowed {
  readonly name: string;
  readonly object: ObjectRef;
  /** Same bytes, same step: the id names the object by its etag. */
  readonly etag: string;
  /** How the address is written into the call's text. */
  readonly as: 'text' | 'base64-url';
}

/** What goes into `Operation` of a job, in the order of the wire: a text or more of the same. */
export type JobBody = readonly (readonly [name: string, content: string | JobBody])[];

/** How a job reports its end. No part of what is done, so no part of a step's id. */
export interface JobSettings {
  readonly level?: 0 | 1 | 2;
  readonly callbackFormat?: 'XML' | 'JSON';
  readonly callbackType?: 'Url' | 'TDMQ';
  readonly callbackQueue?: {
    readonly region: string;
    readonly mode: 'Topic' | 'Queue';
    readonly name: string;
  };
}

/** One rule of a `Pic-Operations` header: the result is stored. */
export interface PicCall {
  readonly via: 'pic-operations';
  readonly rule: string;
  readonly borrows: readonly Borrowed[];
}

/** One job: the result is stored later. */
export interface JobCall {
  readonly via: 'job';
  readonly tag: string;
  readonly body: JobBody;
  readonly borrows: readonly Borrowed[];
  readonly settings: JobSettings;
}

/** Query parameters of a GET: rendered at download, nothing is stored. */
export interface DownloadCall {
  readonly via: 'download';
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly borrows: readonly Borrowed[];
}

/** What goes over the wire for one operation. Whoever sends it does not look inside. */
export type Call = PicCall | JobCall | DownloadCall;
