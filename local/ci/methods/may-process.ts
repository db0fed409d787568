import { denied, factsOf, refusal } from '../../cos/authorise.ts';
import type { Exchange } from '../../cos/exchange.ts';

/** Refuses unless the caller may use Cloud Infinite for this. What everybody may read, everybody may see processed. */
export function mustBeAllowedCi(exchange: Exchange, action: string): void {
  const { service, caller, bucket, region, key, incoming, query } = exchange;
  if (caller.is !== 'limited') return;
  const resource = `qcs::ci:${region}:uid/${service.appid}:bucket/${bucket}/${key}`;
  const refused = refusal(
    caller,
    { action, resource, facts: factsOf(incoming, query) },
    service.appid,
  );
  if (refused) throw denied(action, resource, refused);
}
