import type { ObjectRef, Source } from '../core/object-ref.ts';
import type { DownloadCall, JobCall, PicCall } from '../operations/call.ts';

/** Readable on purpose: it is what logs and receipts show. A store that needs short keys hashes it. */
export type StepId = string & { readonly brand: 'StepId' };

/** One line of a plan: a call and a target. */
export interface Step {
  readonly id: StepId;
  readonly rule: string;
  /** `cutout@2` */
  readonly template: string;
  readonly operation: string;
  readonly call: PicCall | JobCall;
  readonly target: ObjectRef;
  readonly replacesSource: boolean;
  readonly whenItFails: 'retry' | 'ignore' | 'original';
}

/** What is not stored: the call a signed download address will carry. */
export interface Rendering {
  readonly rule: string;
  readonly template: string;
  readonly operation: string;
  readonly call: DownloadCall;
}

/** Why a rule, or one of its outputs, leaves a source alone. */
export type SkipReason =
  | 'rule-disabled'
  | 'own-output'
  | 'folder-marker'
  | 'other-bucket'
  | 'outside-prefix'
  | 'other-suffix'
  | 'not-included'
  | 'excluded'
  | 'too-small'
  | 'too-large'
  | 'other-content-type'
  | 'other-metadata'
  | 'opted-out'
  | 'overwrites-source'
  | 'no-such-template'
  | 'mask-missing'
  | 'background-missing'
  | 'same-target'
  | 'target-unnameable'
  | 'input-too-large';

export interface Skip {
  readonly rule: string;
  /** Where only some outputs of the rule are left out: which. */
  readonly output?: string;
  readonly because: SkipReason;
}

/** Everything that will be asked for one source, decided. */
export interface Plan {
  readonly source: Source;
  readonly steps: readonly Step[];
  readonly renderings: readonly Rendering[];
  readonly skips: readonly Skip[];
}

/** What had to be looked up about the source. It is looked up before, so that planning stays pure. */
export interface Facts {
  readonly writtenByUs: boolean;
  /** Masks and backgrounds, by `bucket/key`: the etag, or nothing where there is no such object. */
  readonly borrowed: Readonly<Record<string, string | undefined>>;
}
