import { writeCosEvent } from '../../shared/wire/cos-event.ts';
import type { JsonObject } from '../../shared/wire/json.ts';
import { REGION } from '../local/engine-for-tests.ts';

/** What a bucket tells a function about objects that were put. */
export function cosEventIn(bucket: string, keys: readonly string[]): JsonObject {
  return writeCosEvent(
    keys.map((key) => ({
      ...{ bucket, region: REGION, key, eventName: 'cos:ObjectCreated:Put', size: 1 },
      ...{ at: 0, meta: {}, queue: '', sourceIp: '203.0.113.1' },
    })),
  );
}
