import type { Borrowed, Call, JobSettings } from './call.ts';
import type { Parameter, Parameters } from './parameter.ts';

/** The ways the service can be asked: while downloading, while uploading, for a stored object, as a job. */
export type Method = 'download' | 'upload' | 'cloud' | 'job';

/** What the service takes at most; what a page does not say is left out. */
export interface InputLimits {
  /** Lower case, without a dot: `jpg`. None where no page lists them. */
  readonly formats: readonly string[];
  readonly maxBytes?: number;
  readonly maxSide?: number;
  readonly maxPixels?: number;
  readonly maxWidth?: number;
  readonly maxHeight?: number;
}

/**
 * A mask or background as the planner hands it to `callOf`, by parameter name: looked up, known by
 * its etag. How its address is written is for the operation to say.
 */
export type LookedUp = Readonly<
  Record<string, Pick<Borrowed, 'object' | 'etag'> & Partial<Borrowed>>
>;

/** CAM actions by method, without the `name/` prefix. */
export type Actions = Readonly<Partial<Record<Method, readonly string[]>>>;

/** Something the pages leave open, and what we made of it. */
export interface Unconfirmed {
  readonly method: Method;
  readonly what: 'method' | 'action' | 'limit' | 'output';
  readonly says: string;
}

/** One thing Cloud Infinite can do, as data with one function. */
export interface Operation {
  readonly name: string;
  readonly summary: string;
  /** The service's own name: `GoodsMatting`. */
  readonly wireName: string;
  readonly makes: 'picture' | 'video';
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly methods: readonly Method[];
  /** Rules the service takes in one request, by method. */
  readonly rulesPerRequest: { readonly upload: number; readonly cloud: number };
  readonly input: InputLimits;
  readonly output: {
    /** `as-source` where the picture keeps its format. */
    readonly contentType: string | 'as-source';
    /** What a target may end in, without a dot, the best first. None where the source decides. */
    readonly extensions: readonly string[];
  };
  readonly actions: Actions;
  /** Actions that some page asks for and a newer one does not. One switch grants them all. */
  readonly doubtful: Actions;
  /** Whether whoever submits it as a job must be allowed to pass the service's role. */
  readonly passesRole: boolean;
  readonly unconfirmed: readonly Unconfirmed[];
  /** Under which key of `prices` the user's contract says what one costs. */
  readonly priceKey: string;
  /** What the service counts on its bill: only `call` is known before it is done. */
  readonly billedPer: 'call' | 'minute' | 'gigabyte';
  /** Whether the service can answer the original bytes instead of an error. */
  readonly canFallBack: boolean;
  /** Why these parameters cannot be sent although each is right by itself, or nothing. */
  problemOf(parameters: Parameters): string | undefined;
  /** Pure. The parameters are complete and within bounds; borrowed objects are looked up. */
  callOf(parameters: Parameters, how: CallOptions): Call;
}

export interface CallOptions {
  readonly via: Call['via'];
  /** By parameter name. */
  readonly borrowed: LookedUp;
  /** Answer the original bytes instead of an error, where the operation can. */
  readonly fallBack: boolean;
  readonly job: JobSettings;
}
