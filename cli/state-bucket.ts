import { accountKeys } from '../infra/account-keys.ts';
import { openClient } from '../shared/client/client.ts';
import type { Texts } from '../shared/client/texts.ts';
import type { Versioning } from '../shared/wire/versioning.ts';
import type { AccountFlags } from './account.ts';
import type { DeployPlace } from './deploy-input.ts';

/** Somebody waits at the keyboard. */
const TIME_MS = 60_000;

/** The bucket of the records, with the keys of whoever deploys. */
export function stateTexts({ env, settings }: DeployPlace, { profile }: AccountFlags): Texts {
  const keys = accountKeys(env, profile === undefined ? {} : { profile });
  const { endpoint, state } = settings;
  const until = Date.now() + TIME_MS;
  return openClient({
    keys: () => keys,
    now: Date.now,
    leftMs: () => until - Date.now(),
    limits: { requestsPerSecond: 50, inFlight: 10 },
    ...(endpoint === undefined ? {} : { endpoint }),
  }).textsIn(state);
}

export function stateVersioning(place: DeployPlace, flags: AccountFlags): Promise<Versioning> {
  return stateTexts(place, flags).versioning();
}
