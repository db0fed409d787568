import type { FoundTrigger } from './account.ts';
import type { FunctionSpec, TriggerSpec } from './model.ts';
import type { FunctionPlace } from './read-account.ts';
import type { PolicyDocument } from './render/policies.ts';

/** A setting of a function; one is known only when on-callback has its address. */
export type Value = string | { readonly addressOf: 'on-callback' };

/** Everything about a function that one call writes. */
export interface Configuration {
  readonly description: string;
  readonly memory: number;
  readonly timeoutSeconds: number;
  readonly role: string;
  readonly environment: Readonly<Record<string, Value>>;
  readonly logs: { readonly logset: string; readonly topic: string } | undefined;
}

/** One call of a change, as data: what it says over the wire is decided in `render/requests.ts`. */
export type Step =
  | {
      readonly does: 'create-namespace';
      readonly region: string;
      readonly name: string;
      readonly description: string;
    }
  | { readonly does: 'delete-namespace'; readonly region: string; readonly name: string }
  | { readonly does: 'create-role'; readonly name: string; readonly description: string }
  | { readonly does: 'write-trust' | 'delete-role'; readonly name: string }
  | { readonly does: 'describe-role'; readonly name: string; readonly description: string }
  | {
      readonly does: 'create-policy' | 'write-policy';
      readonly name: string;
      readonly description: string;
      readonly document: PolicyDocument;
    }
  | { readonly does: 'delete-policy'; readonly name: string }
  | { readonly does: 'attach' | 'detach'; readonly policy: string; readonly role: string }
  | {
      readonly does: 'create-function';
      readonly place: FunctionPlace;
      readonly runtime: string;
      readonly zip: Uint8Array;
      readonly configuration: Configuration;
    }
  | { readonly does: 'write-code'; readonly place: FunctionPlace; readonly zip: Uint8Array }
  | {
      readonly does: 'write-configuration';
      readonly place: FunctionPlace;
      readonly configuration: Configuration;
    }
  | { readonly does: 'delete-function'; readonly place: FunctionPlace }
  | { readonly does: 'await-active' | 'await-gone'; readonly place: FunctionPlace }
  | {
      readonly does: 'write-repeats';
      readonly place: FunctionPlace;
      readonly repeats: NonNullable<FunctionSpec['repeats']>;
    }
  | { readonly does: 'reserve'; readonly place: FunctionPlace; readonly memory: number }
  | { readonly does: 'release'; readonly place: FunctionPlace }
  | {
      readonly does: 'create-trigger' | 'write-trigger';
      readonly place: FunctionPlace;
      readonly trigger: TriggerSpec;
    }
  | {
      readonly does: 'delete-trigger';
      readonly place: FunctionPlace;
      readonly trigger: FoundTrigger;
    }
  /** Reads the address that a trigger of on-callback was given. */
  | { readonly does: 'learn-address'; readonly place: FunctionPlace };

/** What steps before have told. */
export interface Known {
  readonly policyIds: ReadonlyMap<string, string>;
  readonly callbackAddress: string | undefined;
}
