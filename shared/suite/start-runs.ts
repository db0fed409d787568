import { openInvoking } from '../client/invoke-function.ts';
import { readCredentials } from '../config/credentials.ts';
import type { Environment } from '../config/settings.ts';
import { toFault } from '../core/fault.ts';
import { writeRunEvent } from '../wire/run-event.ts';
import type { Opened } from './open-suite.ts';

/** A caller waits for it, and the timer would do it as well. */
const LONGEST_MS = 3000;

/**
 * What has a stored run carried out at once, by an invocation of reprocess; nothing where no setting
 * names that. Whatever goes wrong is a line in the log and no more: the timer looks for what is stored.
 */
export function startRuns(
  env: Environment,
): (opened: Pick<Opened, 'suite' | 'settings'>) => ((runId: string) => Promise<void>) | undefined {
  let invoke: ReturnType<typeof openInvoking> | undefined;
  return ({ suite, settings: { reprocess, endpoint } }) => {
    if (!reprocess) return undefined;
    const { now, deadline, log } = suite;
    invoke ??= openInvoking({
      keys: () => readCredentials(env),
      now,
      ...(endpoint !== undefined && { endpoint }),
    });
    const ask = invoke;
    return async (runId) => {
      try {
        const timeoutMs = Math.max(1, Math.min(LONGEST_MS, deadline.leftMs()));
        await ask(reprocess, writeRunEvent(runId), timeoutMs);
      } catch (thrown) {
        log.warn('run not started', { run: runId, fault: toFault(thrown, 'ACCOUNT_UNREACHABLE') });
      }
    };
  };
}
