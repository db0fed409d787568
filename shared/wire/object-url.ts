import type { ObjectRef } from '../core/object-ref.ts';
import { defined } from './defined.ts';
import { encodePath } from './percent.ts';
import { readRegion } from './region-code.ts';

const MAX_LENGTH = 16 * 1024;

const URL =
  /^https?:\/\/([a-z0-9-]{1,60}-\d{1,20})\.cos(?:-internal)?\.([a-z0-9-]{1,60})\.(?:myqcloud\.com|tencentcos\.cn)(?::\d{1,5})?\/(.+)$/is;

/** What the address of an object in an event names. */
export interface NamedObject {
  readonly bucket: string;
  /** Missing for the accelerated host, which names none. */
  readonly region?: string;
  readonly key: string;
}

/**
 * The object an event's address names; nothing when it is no address of COS. The path is decoded
 * here and not by `URL`, which would also resolve `..` and so name another object.
 *
 * A `+` stays a plus: this is no request line, and the functions COS deploys itself decode it with
 * `decodeURIComponent` as well. A path that is not validly encoded was not encoded at all.
 */
export function readObjectUrl(url: string): NamedObject | undefined {
  if (url.length > MAX_LENGTH) return undefined;
  const [, bucket, region, path] = URL.exec(url) ?? [];
  if (bucket === undefined || region === undefined || path === undefined) return undefined;
  return defined({
    bucket: bucket.toLowerCase(),
    region: readRegion(region.toLowerCase()),
    key: percentDecoded(path),
  });
}

/** The address as events have it: plain HTTP, each segment of the key encoded. */
export function writeObjectUrl({ bucket, region, key }: ObjectRef): string {
  return `http://${bucket}.cos.${region}.myqcloud.com/${encodePath(key)}`;
}

/** The text itself when it is not validly encoded. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
