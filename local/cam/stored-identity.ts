import type { KeyPair, TemporaryKey } from './identities.ts';

export interface StoredPolicy {
  readonly id: number;
  readonly name: string;
  readonly document: string;
  readonly description: string;
  /** When it was made and changed last; what an earlier engine kept has no times. */
  readonly added?: number;
  readonly changed?: number;
}

export interface StoredRole {
  readonly id: string;
  readonly name: string;
  /** Who may assume it: a policy document with a principal. */
  readonly trust: string;
  readonly description: string;
  /** Names of policies. */
  readonly policies: readonly string[];
  readonly tags?: readonly { readonly Key: string; readonly Value: string }[];
  /** How long keys of it live at most, where that is said. */
  readonly sessionSeconds?: number;
  readonly added?: number;
  readonly changed?: number;
}

export interface StoredUser {
  readonly name: string;
  readonly policies: readonly string[];
  readonly keys: readonly KeyPair[];
}

export interface StoredSession extends TemporaryKey {
  readonly of: { readonly role: string } | { readonly user: string } | { readonly owner: true };
  /** Narrows what its owner may. */
  readonly policy: string | undefined;
}

/** Where identities are kept; a table of the storage is one. */
export interface Kept<T> {
  get(key: string): T | undefined;
  range(): readonly (readonly [key: string, value: T])[];
  put(key: string, value: T): Promise<void>;
  remove(key: string): Promise<void>;
  update(key: string, change: (value: T | undefined) => T | undefined): Promise<T | undefined>;
}
