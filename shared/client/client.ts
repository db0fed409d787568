import type { Clock } from '../core/clock.ts';
import type { Place } from '../plan/places.ts';
import type { StepId } from '../plan/plan.ts';
import type { Addresses, CloudInfinite, Objects } from '../run/ports.ts';
import { openAddresses } from './addresses.ts';
import { type AskTerms, openAsking } from './ask.ts';
import { openCloudInfinite } from './cloud-infinite.ts';
import { digest } from './digest.ts';
import { openObjects } from './objects.ts';
import { openTexts, type Texts } from './texts.ts';

/** COS and Cloud Infinite. It lives as long as its instance: connections and the clock are kept. */
export interface Client {
  readonly objects: Objects;
  readonly ci: CloudInfinite;
  readonly addresses: Addresses;
  /** Of one bucket: what records are kept by. */
  textsIn(place: Place): Texts;
  /** The service's time, as far as its answers told it. */
  readonly now: Clock;
}

export interface ClientTerms extends AskTerms {
  /** Where the service tells that the job of a step has ended; nothing where only the timer asks. */
  readonly callbackFor?: (step: StepId) => string;
}

export function openClient(terms: ClientTerms): Client {
  const { keys, endpoint, callbackFor } = terms;
  const { ask, now } = openAsking(terms);
  const objects = openObjects(ask);
  return {
    now,
    objects,
    ci: openCloudInfinite({ ask, objects, keys, now, digest, ...(callbackFor && { callbackFor }) }),
    addresses: openAddresses({ keys, now, ...(endpoint !== undefined && { endpoint }) }),
    textsIn: (place) => openTexts(ask, place),
  };
}
