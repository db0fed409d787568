import type { Operations } from './operations-port.ts';
import type { Switches } from './switches.ts';

/** Fetches what an address in a rule names; addresses of the engine's own buckets never leave it. */
export type FetchBytes = (url: string, maxBytes: number) => Promise<Uint8Array>;

/** What processing works with, beside the object service. */
export interface CiService {
  readonly operations: Operations;
  readonly switches: Switches;
  readonly fetch: FetchBytes;
}
