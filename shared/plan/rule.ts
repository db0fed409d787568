import type { JobSettings } from '../operations/call.ts';
import type { Parameters } from '../operations/parameter.ts';

/** Which objects a rule is for. Lists are alternatives; an empty list asks for nothing. */
export interface When {
  /** Names of source buckets without the appid: rules name no account. */
  readonly buckets: readonly string[];
  readonly prefix: readonly string[];
  readonly suffix: readonly string[];
  /** Globs over the whole key: `*` within a folder, `**` across folders, `?` one character. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly minBytes?: number;
  readonly maxBytes?: number;
  /** `image/png`, or `image/*`. */
  readonly contentType: readonly string[];
  /** User metadata that must be there with exactly this value; names without `x-cos-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** User metadata whose presence, with any value but `false`, `0` or an empty one, opts an object out. */
  readonly unlessMetadata: readonly string[];
}

/** A place to write: `cutouts/{dir}/{stem}.png`, in the source's bucket or another of the account. */
export interface Into {
  readonly pattern: string;
  /** Without the appid. */
  readonly bucket?: string;
}

export interface Output {
  /** A name of the catalogue. */
  readonly operation: string;
  readonly parameters: Parameters;
  /** `job` for every job operation, and for a picture output that shall run as one. */
  readonly as: 'rule' | 'job';
  /** Nothing when the output is rendered at download and never stored. */
  readonly into?: Into;
  /**
   * `retry`: tried again while time may heal it, then kept as a dead letter. `ignore`: recorded and
   * left. `original`: the service stores the source's bytes instead, where the operation can.
   */
  readonly whenItFails: 'retry' | 'ignore' | 'original';
  readonly replaceSource: boolean;
  readonly job: JobSettings;
}

/** A named, versioned list of outputs. Raising the version makes all of its work new work. */
export interface Template {
  readonly name: string;
  readonly version: number;
  readonly outputs: readonly Output[];
}

/** What an object's own metadata may change, where a rule allows it. */
export type Override = 'skip' | 'template' | 'mask';

/** When to use which templates. Plain data: it can be compiled into a bundle. */
export interface Rule {
  readonly name: string;
  readonly enabled: boolean;
  /** Higher first; equal ones in the order of the file. */
  readonly priority: number;
  readonly when: When;
  readonly use: readonly Template[];
  readonly overrides: readonly Override[];
}
