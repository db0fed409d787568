import type { Decision, Wish } from './decide.ts';
import type { Policy } from './policy.ts';

/** Who asks. The owner's permanent key may do everything; everybody else what policies say. */
export type Caller =
  | { readonly is: 'anonymous' }
  | { readonly is: 'owner'; readonly secretId: string }
  | {
      readonly is: 'limited';
      readonly secretId: string;
      /** `user/editor` or `role/on-upload`, for people. */
      readonly name: string;
      /** Every list must allow: a session's own policy narrows what its role may. */
      readonly policies: readonly (readonly Policy[])[];
      /** Hears what policies said to a wish of this caller. */
      readonly note?: (wish: Wish, decision: Decision) => void;
    };

export const ANONYMOUS: Caller = { is: 'anonymous' };

/** How the log names a caller. */
export function callerName(caller: Caller): string {
  switch (caller.is) {
    case 'anonymous':
      return 'anonymous';
    case 'owner':
      return `owner ${caller.secretId}`;
    case 'limited':
      return `${caller.name} ${caller.secretId}`;
  }
}
