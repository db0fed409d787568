/** A bucket by its full name, `studio-1300001234`, and where it is. */
export interface Place {
  readonly bucket: string;
  readonly region: string;
}

/** How the key of every record ends, so that only triggers for such keys can fire for one. */
export const RECORD_SUFFIX = '.json';

/** Which account and buckets the rules are for; it comes from the settings, never from the rules. */
export interface Places {
  readonly appid: string;
  /** The owner's account number, where it is known: it stands in the resource name of a role. */
  readonly uin?: string;
  readonly sources: readonly Place[];
  /** Buckets that outputs are written to besides the sources. */
  readonly outputs: readonly Place[];
  /** Where Darkroom keeps its records. */
  readonly state: Place & { readonly prefix: string };
}

/** A function of the account. */
export interface FunctionPlace {
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
}
