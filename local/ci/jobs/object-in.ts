import { decodePath } from '../../../shared/wire/percent.ts';
import { addressOf } from '../../server/address.ts';

const ADDRESS = /^https?:\/\/([^/?#]{1,300})(\/[^?#]*)(?:[?#].*)?$/i;

/** The key an address names in this bucket; nothing when it names anything else. */
export function objectIn(bucket: string, url: string): string | undefined {
  const [, host, path] = ADDRESS.exec(url.trim()) ?? [];
  if (host === undefined || path === undefined) return undefined;
  const book = { isBucket: (name: string) => name === bucket, defaultBucket: undefined };
  const address = addressOf({ method: 'GET', host, rawPath: path, rawQuery: '' }, book);
  if (address.on !== 'bucket' || address.service !== 'cos' || address.bucket !== bucket) {
    return undefined;
  }
  // In an address a plus is a plus: only a request line has it for a space.
  const key = decodePath(address.rawPath.replaceAll('+', '%2B')).slice(1);
  return key === '' ? undefined : key;
}
