import type { Borrowed, Call, JobSettings } from './call.ts';
import type { Parameter, Parameters } from './parameter.ts';

/** The ways the service can be asked: while downloading, while uploading, for a stored object, as a job. */
export type Method = 'download' | 'upload' | 'cloud' | 'job';

/** What the service takes at most; what a page does not say is left out. */
export interface InputLimits {
  readonly formats: readonly string[];
  readonly maxBytes?: number;
  readonly maxSide?: number;
  readonly maxPixels?: number;
  readonly maxWidth?: number;
  readonly maxHeight?: number;
}

/** A mask or background as the planner hands it to `callOf`: looked up, known by its etag. */
export type LookedUp = Readonly<Record<string, Borrowed>>;

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
  /** `as-source` where the picture keeps its format. */
  readonly output: { readonly contentType: string | 'as-source' };
  /** CAM actions by method, without the `name/` prefix. */
  readonly actions: Readonly<Partial<Record<Method, readonly string[]>>>;
  /** Whether whoever submits it must be allowed to pass the service's role. */
  readonly passesRole: boolean;
  /** Under which key of `prices` the user's contract says what one costs. */
  readonly priceKey: string;
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
