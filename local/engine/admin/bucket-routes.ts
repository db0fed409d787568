import { Fault } from '../../../shared/core/fault.ts';
import { storedAcl } from '../../cos/access.ts';
import { regionOf, removeBucket } from '../../cos/bucket.ts';
import { listOf, may, need, oneOf, shape, text, textUpTo, whole } from './kinds.ts';
import { defineRoute, notThere } from './route.ts';

const words = listOf(textUpTo(200), 100);
const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'] as const;

const corsRule = shape({
  allowedOrigins: need(words, 'such as https://shop.example or *'),
  allowedMethods: need(listOf(oneOf(METHODS), METHODS.length), 'what it may do'),
  allowedHeaders: may(words, 'what it may send'),
  exposeHeaders: may(words, 'what it may see; ETag and x-cos-request-id it always does'),
  maxAgeSeconds: may(whole(0, 86_400), 'how long a browser remembers this'),
});

export const BUCKET_ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/buckets',
    says: 'All buckets.',
    run: (engine) => ({
      buckets: engine.storage.buckets.list().map(({ name, created }) => ({
        name,
        region: regionOf(engine, name),
        created: new Date(created).toISOString(),
        acl: storedAcl(engine.storage.buckets.document(name, 'acl')).canned,
      })),
    }),
  }),
  defineRoute({
    method: 'PUT',
    path: '/buckets/{name}',
    says: 'Makes a bucket, or changes what is said of the one there.',
    body: shape({
      region: may(
        text('a region such as ap-guangzhou', /^[a-z0-9-]{1,40}$/),
        'where it is; a bucket that is there cannot move',
      ),
      acl: may(oneOf(['private', 'public-read', 'public-read-write']), 'who may without keys'),
      cors: may(listOf(corsRule, 100), 'which pages may; an empty list for none'),
    }),
    async run(engine, { names: { name }, body: { region, acl, cors } }) {
      const rules = cors?.map(({ allowedHeaders = [], exposeHeaders = [], ...rule }) => ({
        ...rule,
        allowedHeaders,
        exposeHeaders,
      }));
      const made = await engine.makeBucket({ name, region, acl, cors: rules });
      if (made.status === 'in-another-region') {
        throw new Fault('ADMIN_CONFLICT', `"${name}" is in ${made.region} and cannot move`);
      }
      return { name, ...made };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/buckets/{name}',
    says: 'Removes an empty bucket.',
    async run({ storage, events }, { names: { name } }) {
      const status = storage.buckets.get(name) && (await removeBucket({ storage, events }, name));
      if (status === 'not-empty') throw new Fault('ADMIN_CONFLICT', `"${name}" is not empty`);
      if (status !== 'removed') throw notThere(`bucket "${name}"`);
      return { removed: name };
    },
  }),
];
