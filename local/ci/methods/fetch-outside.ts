import { isServiceHost } from '../../server/address.ts';
import { guardedFetch } from '../../server/fetch-guarded.ts';
import type { FetchBytes } from '../ci-service.ts';
import { OperationError } from '../operations-port.ts';

const TIMEOUT_MS = 10_000;
const REDIRECTS = 3;

/** Pictures and masks from the network, which the engine's own buckets are never asked over. */
export function fetchOutside(allowPrivate: boolean): FetchBytes {
  return async (url, maxBytes) => {
    const limits = { maxBytes, timeoutMs: TIMEOUT_MS, redirects: REDIRECTS, allowPrivate };
    const fetched = await guardedFetch({ url, ...limits, isInside: isServiceHost });
    if (fetched.outcome !== 'answered') throw unreachable(fetched.message);
    if (fetched.status !== 200) throw unreachable(`the address answered ${fetched.status}`);
    if (fetched.whole) return fetched.bytes;
    throw new OperationError('ImageTooLarge', `A picture has at most ${maxBytes} bytes.`);
  };
}

function unreachable(why: string) {
  return new OperationError('InvalidImageSource', `The picture could not be fetched: ${why}.`);
}
