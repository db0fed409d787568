import { Fault } from '../../../shared/core/fault.ts';
import type { Incoming } from '../../server/incoming.ts';
import { CiError } from '../ci-error.ts';

/** The body of a request that has to have one. Its Content-Type says nothing: one client sends none. */
export async function bodyBytes({ headers, body }: Incoming, max: number): Promise<Buffer> {
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new CiError('MissingContentLength');
  }
  const bytes = await body.bytes(max).catch((thrown) => {
    throw thrown instanceof Fault ? thrown : new CiError('InvalidContent');
  });
  if (bytes.length === 0) throw new CiError('MissingContent');
  return bytes;
}
