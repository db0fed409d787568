import type { HashedKey } from '../../shared/config/settings.ts';
import type { Suite } from '../../shared/run/ports.ts';
import type { UrlEvent } from '../../shared/wire/url-event.ts';
import type { RateLimit } from './rate-limit.ts';

/** One request, and everything it may use. */
export interface Asked {
  readonly event: UrlEvent;
  readonly suite: Suite;
  readonly apiKeys: readonly HashedKey[];
  readonly rateLimit: RateLimit;
  readonly requestId: string;
  /**
   * Has a stored run carried out in an invocation of its own, and never throws. Nothing where no setting
   * says by whom: then the timer does it, which looks for what is stored anyway.
   */
  readonly invoke?: ((runId: string) => Promise<void>) | undefined;
}
