import type COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HEADERS_NOT_HERE } from '../../../local/cos/headers-not-here.ts';
import { COS_OPERATIONS, NOT_HERE } from '../../../local/cos/operations.ts';
import { BUCKET, engineForTests, HOST, REGION, SDKS } from '../engine-for-tests.ts';
import { errorOf } from './error-of.ts';
import { failure } from './failure.ts';
import { sendByHand } from './signed-by-hand.ts';

// What the service has and the engine has not is refused by its name, and never looks done.

const started = await engineForTests();
const { port, storage } = started.engine;
afterAll(() => started.stop());

beforeAll(async () => {
  await storage.objects.put(BUCKET, 'there', Buffer.from('there'));
});

const bucket = { Bucket: BUCKET, Region: REGION };
const object = { ...bucket, Key: 'there' };
const CALLS: Readonly<Record<string, object>> = {
  putBucketPolicy: { ...bucket, Policy: { version: '2.0', statement: [] } },
  getBucketPolicy: bucket,
  deleteBucketPolicy: bucket,
  putBucketTagging: { ...bucket, Tagging: { Tags: [{ Key: 'a', Value: 'b' }] } },
  getBucketTagging: bucket,
  deleteBucketTagging: bucket,
  putBucketLifecycle: { ...bucket, LifecycleConfiguration: { Rules: [{ ID: '1' }] } },
  getBucketLifecycle: bucket,
  deleteBucketLifecycle: bucket,
  putBucketReplication: {
    ...bucket,
    ReplicationConfiguration: { Role: 'r', Rules: [{ ID: '1' }] },
  },
  getBucketReplication: bucket,
  deleteBucketReplication: bucket,
  putBucketWebsite: { ...bucket, WebsiteConfiguration: { IndexDocument: { Suffix: 'a' } } },
  getBucketWebsite: bucket,
  deleteBucketWebsite: bucket,
  putBucketReferer: { ...bucket, RefererConfiguration: { Status: 'Enabled' } },
  getBucketReferer: bucket,
  putBucketDomain: { ...bucket, DomainRule: [{ Status: 'ENABLED' }] },
  getBucketDomain: bucket,
  deleteBucketDomain: bucket,
  putBucketOrigin: { ...bucket, OriginRule: [{ OriginType: 'Mirror' }] },
  getBucketOrigin: bucket,
  deleteBucketOrigin: bucket,
  putBucketLogging: { ...bucket, BucketLoggingStatus: {} },
  getBucketLogging: bucket,
  putBucketInventory: { ...bucket, Id: '1', InventoryConfiguration: { Id: '1' } },
  getBucketInventory: { ...bucket, Id: '1' },
  listBucketInventory: bucket,
  deleteBucketInventory: { ...bucket, Id: '1' },
  putBucketAccelerate: { ...bucket, AccelerateConfiguration: { Status: 'Enabled' } },
  getBucketAccelerate: bucket,
  putBucketEncryption: { ...bucket, ServerSideEncryptionConfiguration: { Rule: [] } },
  getBucketEncryption: bucket,
  deleteBucketEncryption: bucket,
  listObjectVersions: bucket,
  restoreObject: { ...object, RestoreRequest: { Days: 1 } },
  selectObjectContent: { ...object, SelectType: 2, SelectRequest: { Expression: 'select 1' } },
  putObject: { ...object, Body: 'x', ServerSideEncryption: 'AES256' },
  putBucket: { ...bucket, Bucket: 'multi-1250000000', BucketAZConfig: 'MAZ' },
};

describe.for(SDKS)('with the Node client %s', ([, Sdk]) => {
  test.for(Object.entries(CALLS))(
    '%s answers 501 and says what is missing',
    async ([name, params]) => {
      const cos = started.client(Sdk);
      const call = cos[name as 'getBucketPolicy'].bind(cos);
      const error = await failure(call(params as COS.GetBucketPolicyParams));
      expect(error).toMatchObject({ statusCode: 501, code: 'NotImplemented' });
      expect(error.message).toMatch(
        /^The engine does not have (\w+ \?|the header |a configuration )/,
      );
      expect(storage.buckets.get('multi-1250000000')).toBeUndefined();
    },
  );
});

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];

/** Every parameter that selects something, with every method that does not have it. */
const COMBINATIONS = ['bucket', 'object'].flatMap((on) =>
  METHODS.flatMap((method) =>
    [...NOT_HERE, ...COS_OPERATIONS.flatMap(({ query }) => query ?? [])]
      .filter(
        (name) =>
          !COS_OPERATIONS.some(
            (each) => each.on === on && each.method === method && each.query === name,
          ),
      )
      .map((name) => ({ on, method, name })),
  ),
);

test('no parameter that selects something is overlooked', async () => {
  const overlooked: string[] = [];
  for (const { on, method, name } of COMBINATIONS) {
    const path = on === 'object' ? '/there' : '/';
    const answer = await sendByHand(port, { method, path, query: { [name]: '' }, body: '' });
    if (answer.status !== 501) overlooked.push(`${method} ?${name} of a ${on}: ${answer.status}`);
  }
  expect(overlooked).toEqual([]);
  expect(COMBINATIONS.length).toBeGreaterThan(200);
  expect(storage.objects.head(BUCKET, 'there')?.size).toBe(5);
});

test.for([
  ['PUT', { anything: '1' }],
  ['DELETE', { anything: '1' }],
  ['DELETE', { 'response-content-type': 'a/b' }],
] as const)(
  '%s of a bucket with a parameter nobody knows is not taken for less: %j',
  async ([method, query]) => {
    const host = `empty-1250000000.cos.${REGION}.myqcloud.com`;
    await storage.buckets.create('empty-1250000000');
    const answer = await sendByHand(port, { method, path: '/', host, query, body: '' });
    expect(errorOf(answer)).toMatchObject({ status: 501, Code: 'NotImplemented' });
    expect(storage.buckets.get('empty-1250000000')).toBeDefined();
  },
);

test.for(HEADERS_NOT_HERE)('the header %s is refused by its name', async (name) => {
  const put = { method: 'PUT', path: '/new', body: 'x', headers: { [name]: 'AES256' } };
  const error = errorOf(await sendByHand(port, put));
  expect(error).toMatchObject({
    status: 501,
    Message: `The engine does not have the header ${name}.`,
  });
  expect(storage.objects.head(BUCKET, 'new')).toBeUndefined();
});

test.for(['tagkey', 'create-time', 'range'])('buckets are not listed by %s', async (name) => {
  const service = { host: 'service.cos.myqcloud.com', path: '/', query: { [name]: 'a' } };
  const error = errorOf(await sendByHand(port, { method: 'GET', ...service }));
  expect(error).toMatchObject({ status: 501, Code: 'NotImplemented' });
});

test('the tags of a new bucket are not forgotten in silence', async () => {
  const host = HOST.replace('shop', 'tagged');
  const headers = { 'x-cos-tagging': 'a=b' };
  const answer = await sendByHand(port, { method: 'PUT', path: '/', host, headers, body: '' });
  expect(answer.status).toBe(501);
  expect(storage.buckets.get('tagged-1250000000')).toBeUndefined();
});
