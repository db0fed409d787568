import { openSeals } from '../client/seals.ts';

/** What makes the address that a job reports to one that nobody guesses. */
export interface CallbackTokens {
  /** For the job of a step, by the digest of its id. */
  tokenFor(step: string): string;
  isToken(token: string): boolean;
}

const SHORT = 32;
const FORM = /^([0-9a-f]{32})\.([\w-]{1,100})$/;

/** Tokens of the first secret, believed by any: so a secret can change while jobs are under way. */
export function callbackTokens(secrets: readonly string[]): CallbackTokens {
  const { seal, isSealOf } = openSeals(secrets);
  return {
    tokenFor(step) {
      const mark = step.slice(0, SHORT);
      return `${mark}.${seal(textOf(mark))}`;
    },
    isToken(token) {
      const [, mark = '', sealed = ''] = FORM.exec(token) ?? [];
      return isSealOf(textOf(mark), sealed);
    },
  };
}

/** No seal of something else passes for a token. */
function textOf(mark: string): string {
  return `callback ${mark}`;
}
