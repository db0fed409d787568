import { hash } from 'node:crypto';
import { Fault } from '../../shared/core/fault.ts';
import { CosError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { md5In, wholeBody } from './stored.ts';

const MAX_BYTES = 2 * 1024 * 1024;

/** A body that has to be there and is small enough to be read as XML. */
export async function xmlBody({ incoming }: Exchange): Promise<Buffer> {
  try {
    const body = await wholeBody(incoming, MAX_BYTES);
    if (body.length === 0) throw new CosError('MissingRequestBodyError');
    const md5 = md5In(incoming.headers['content-md5']);
    if (md5 !== undefined && md5 !== hash('md5', body)) throw new CosError('BadDigest');
    return body;
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'INPUT_TOO_LARGE') {
      throw new CosError('XMLSizeLimit');
    }
    throw thrown;
  }
}
