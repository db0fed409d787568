import { logLine } from '../../shared/core/log.ts';
import { openSuite } from '../../shared/suite/open-suite.ts';
import { startRuns } from '../../shared/suite/start-runs.ts';
import type { UrlReply } from '../../shared/wire/url-event.ts';
import { onDemand } from './on-demand.ts';
import { RateLimit } from './rate-limit.ts';

const open = openSuite(process.env, { folder: __dirname });
const invokeFor = startRuns(process.env);
const rateLimit = new RateLimit();

/** Whatever happens is an answer: nobody sends a request again for us. */
export async function main_handler(event: unknown, context: unknown): Promise<UrlReply> {
  return onDemand(event, async () => {
    const opened = await open(context).catch(notOpened);
    const { suite, settings, requestId } = opened;
    return { suite, requestId, rateLimit, apiKeys: settings.apiKeys, invoke: invokeFor(opened) };
  });
}

/** There is no log yet, and whoever deployed this has to hear of it all the same. */
function notOpened(fault: unknown): never {
  process.stdout.write(`${logLine('error', 'not opened', { function: 'on-demand', fault })}\n`);
  throw fault;
}
