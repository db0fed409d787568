import { writeCallback } from '../../../shared/wire/callback.ts';
import type { CallbackEntry } from './callback-entry.ts';

/** What is sent, in every try alike. A record may hold what its format has no spelling for. */
export function bodyOf({ job, format }: CallbackEntry): string | { readonly unwritable: string } {
  try {
    return writeCallback({ eventName: 'TaskFinish', jobs: [job] }, format);
  } catch (thrown) {
    return { unwritable: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
