import { openSuite } from '../../shared/suite/open-suite.ts';
import type { UrlReply } from '../../shared/wire/url-event.ts';
import { onDemand } from './on-demand.ts';
import { RateLimit } from './rate-limit.ts';

const open = openSuite(process.env, { folder: __dirname });
const rateLimit = new RateLimit();

/** Whatever happens is an answer: nobody sends a request again for us. */
export async function main_handler(event: unknown, context: unknown): Promise<UrlReply> {
  return onDemand(event, async () => {
    const { suite, settings, requestId } = await open(context);
    return { suite, requestId, rateLimit, apiKeys: settings.apiKeys };
  });
}
