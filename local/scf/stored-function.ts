import type { JsonObject } from '../../shared/wire/json.ts';

/** Which function is meant. They belong to a region, and there to a namespace. */
export interface FunctionName {
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
}

export type FunctionState = 'Creating' | 'CreateFailed' | 'Active' | 'Updating' | 'UpdateFailed';

/** What can be said of a function, and changed later. */
export interface FunctionSettings {
  /** `index.main_handler` */
  readonly handler: string;
  readonly description: string;
  /** In MB. */
  readonly memory: number;
  readonly timeoutSeconds: number;
  readonly initTimeoutSeconds: number;
  /** The role whose keys the function finds; none without. */
  readonly role: string;
  readonly environment: readonly { readonly Key: string; readonly Value: string }[];
  /** What the service has a meaning for and the engine only keeps: networks, log topics, queues. */
  readonly kept: JsonObject;
}

export interface StoredFunction extends FunctionName, FunctionSettings {
  /** `lam-4m0x2q9b` */
  readonly id: string;
  readonly runtime: string;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  /** Names the bytes of the code. */
  readonly code: string;
  readonly codeBytes: number;
  readonly state: FunctionState;
  /** Why it is in that state, where something went wrong. */
  readonly reason: string;
  /** Rises with each change, so that the end of an earlier one is not taken for that of this one. */
  readonly revision: number;
  readonly retries: number;
  readonly maxAgeSeconds: number;
  /** In MB; how much of the account's concurrency is kept for it. */
  readonly reserved?: number;
  readonly added: number;
  readonly changed: number;
}

export interface StoredTrigger {
  readonly type: 'cos' | 'timer' | 'http';
  readonly name: string;
  /** As it is read back. */
  readonly description: JsonObject;
  readonly enabled: boolean;
  readonly qualifier: string;
  /** What a timer passes on. */
  readonly message: string;
  /** For people. */
  readonly remark: string;
  /** The label of a function's own address: `1250000000-a1b2c3d4e5`. */
  readonly label?: string;
  readonly added: number;
  readonly changed: number;
}

/** One text for a function: the key of its table, and whom events are for. */
export function functionKey({ region, namespace, name }: FunctionName): string {
  return `${region}:${namespace}.${name}`;
}

/** Without a version and aliases: `$LATEST` is all there is. */
export const VERSION = '$LATEST';
/** What triggers of an address are bound to unless told otherwise; it is the same here. */
export const QUALIFIERS = [VERSION, '$DEFAULT'];
