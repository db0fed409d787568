import { type Client, type ClientTerms, openClient } from '../../shared/client/client.ts';
import type { Source } from '../../shared/core/object-ref.ts';
import { makePlan } from '../../shared/plan/make-plan.ts';
import type { Step } from '../../shared/plan/plan.ts';
import type { Output } from '../../shared/plan/rule.ts';
import { BUCKET, type EngineForTests, KEYS, REGION } from '../local/engine-for-tests.ts';
import { rule } from '../plan/rules-for-tests.ts';

/** Fast enough never to be in the way of what a test is about. */
const LIMITS = { requestsPerSecond: 1000, inFlight: 100 };

/** A client of the engine under test: the owner's keys, and no patience. */
export function clientOf(
  { engine }: Pick<EngineForTests, 'engine'>,
  terms: Partial<ClientTerms> = {},
): Client {
  return openClient({
    keys: () => KEYS,
    leftMs: () => 20_000,
    limits: LIMITS,
    now: Date.now,
    endpoint: `http://127.0.0.1:${engine.port}`,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5))),
    ...terms,
  });
}

export const at = (key: string) => ({ bucket: BUCKET, region: REGION, key });

/** The steps that one rule makes of a source. */
export function stepsOf(
  source: Source,
  outputs: string | readonly (string | Output)[],
  borrowed: Readonly<Record<string, string>> = {},
): readonly Step[] {
  return makePlan([rule('test', {}, outputs)], source, { writtenByUs: false, borrowed }).steps;
}
