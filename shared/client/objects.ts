import type { Source } from '../core/object-ref.ts';
import type { Objects } from '../run/ports.ts';
import { readEtag } from '../wire/etag.ts';
import { readObjectList } from '../wire/list-objects.ts';
import { utf8Text } from '../wire/percent.ts';
import type { Ask, Heard } from './ask.ts';

const METADATA = 'x-cos-meta-';
/** A page of a thousand of the longest keys. */
const PAGE_BYTES = 8 * 1024 * 1024;

export function openObjects(ask: Ask): Objects {
  return {
    async head({ bucket, region, key }) {
      const heard = await ask({
        method: 'HEAD',
        at: { bucket, region },
        service: 'cos',
        path: `/${key}`,
        again: 'safe',
        limited: false,
        expects: [404],
      });
      return heard.status === 404 ? undefined : { bucket, region, key, ...standing(heard) };
    },

    async list({ bucket, region }, { prefix, cursor, limit }) {
      const { body } = await ask({
        method: 'GET',
        at: { bucket, region },
        service: 'cos',
        path: '/',
        // A key may hold what XML cannot carry.
        query: { prefix, marker: cursor, 'max-keys': String(limit), 'encoding-type': 'url' },
        again: 'safe',
        limited: false,
        maxBytes: PAGE_BYTES,
      });
      const { objects, nextMarker } = readObjectList(body);
      return {
        objects: objects.map(({ key, etag, size, modified }) => ({
          ...{ bucket, region, key, etag, size, modified },
        })),
        next: nextMarker,
      };
    },
  };
}

/** What the headers of an answer say of an object. */
function standing({ headers }: Heard): Omit<Source, 'bucket' | 'region' | 'key'> {
  const metadata = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(METADATA) && typeof value === 'string'
      ? [[name.slice(METADATA.length), utf8Text(value)] as const]
      : [],
  );
  const modified = Date.parse(headers['last-modified'] ?? '');
  return {
    etag: readEtag(headers.etag ?? ''),
    size: Number(headers['content-length'] ?? 0),
    contentType: headers['content-type'] ?? '',
    modified: Number.isNaN(modified) ? 0 : modified,
    metadata: Object.fromEntries(metadata),
  };
}
