import type COS from 'cos-nodejs-sdk-v5';
import { afterAll, describe, expect, test } from 'vitest';
import { BUCKET, engineForTests, REGION, SDKS } from '../engine-for-tests.ts';
import { failure } from './failure.ts';

const started = await engineForTests();
afterAll(() => started.stop());

describe.for(SDKS)('with the Node client %s', ([version, Sdk]) => {
  const cos = started.client(Sdk);
  const name = `v${version.replaceAll('.', '-')}`;
  const own = { Bucket: `${name}-1250000000`, Region: 'ap-beijing' };
  const first = { Bucket: BUCKET, Region: REGION };

  test('a bucket is made, found, listed where it is, and deleted once it is empty', async () => {
    expect(await cos.putBucket(own)).toMatchObject({ statusCode: 200 });
    const again = await failure(cos.putBucket(own));
    expect(again).toMatchObject({ statusCode: 409, code: 'BucketAlreadyOwnedByYou' });
    const head = await cos.headBucket(own);
    expect(head).toMatchObject({
      statusCode: 200,
      headers: { 'x-cos-bucket-region': 'ap-beijing' },
    });
    const location = await cos.request({
      ...own,
      Method: 'GET',
      Action: 'location',
    } as COS.RequestParams);
    expect(location).toMatchObject({
      LocationConstraint: { LocationConstraint: 'ap-beijing' },
    });

    await cos.putObject({ ...own, Key: 'a', Body: 'a' });
    const full = await failure(cos.deleteBucket(own));
    expect(full).toMatchObject({ statusCode: 409, code: 'BucketNotEmpty' });
    await cos.deleteObject({ ...own, Key: 'a' });
    expect(await cos.deleteBucket(own)).toMatchObject({ statusCode: 204 });
    const gone = await failure(cos.headBucket(own));
    expect(gone.statusCode).toBe(404);
  });

  test('the buckets of the account are listed, all of them or those of one region', async () => {
    const other = { ...own, Bucket: `${name}-listed-1250000000` };
    await cos.putBucket(other);
    const all = await cos.getService({});
    const names = (buckets: COS.GetServiceResult) => buckets.Buckets.map(({ Name }) => Name);
    expect(names(all)).toEqual(expect.arrayContaining([BUCKET, other.Bucket]));
    expect(all.Owner.ID).toBe('qcs::cam::uin/1250000000:uin/1250000000');
    const [listed] = all.Buckets.filter(({ Name }) => Name === other.Bucket);
    expect(listed).toMatchObject({ Location: 'ap-beijing', BucketType: 'cos' });
    expect(listed?.CreationDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

    const here = await cos.getService({ Region: 'ap-beijing' });
    expect(names(here)).toContain(other.Bucket);
    expect(names(here)).not.toContain(BUCKET);
    await cos.deleteBucket(other);
  });

  test('the list of buckets comes in pages', async () => {
    const page = async (params: object) => {
      const { Buckets } = await cos.getService(params as COS.GetServiceParams);
      return Buckets.map(({ Name }) => Name);
    };
    await cos.putBucket({ Bucket: `aaa-${name}-1250000000`, Region: REGION });
    const all = await page({});
    expect(await page({ MaxKeys: 1 })).toEqual(all.slice(0, 1));
    expect(await page({ Marker: all[0], MaxKeys: 1000 })).toEqual(all.slice(1));
    await cos.deleteBucket({ Bucket: `aaa-${name}-1250000000`, Region: REGION });
  });

  test('a bucket is not found in another region than its own', async () => {
    const error = await failure(cos.getBucket({ ...first, Region: 'ap-shanghai' }));
    expect(error).toMatchObject({ statusCode: 404, code: 'NoSuchBucket' });
    expect(error.message).toContain(REGION);
  });

  test('a bucket name that the service would refuse is refused', async () => {
    const long = { ...own, Bucket: `${'x'.repeat(50)}-1250000000` };
    const error = await failure(cos.putBucket(long));
    expect(error).toMatchObject({ statusCode: 400, code: 'InvalidBucketName' });
  });

  test('the access list of a bucket is kept by name, by grants and as a document', async () => {
    const bucket = { ...own, Bucket: `${name}-acl-1250000000` };
    const reader = 'id="qcs::cam::uin/100000000011:uin/100000000011"';
    await cos.putBucket({ ...bucket, ACL: 'public-read', GrantWrite: reader });
    expect(await cos.getBucketAcl(bucket)).toMatchObject({
      ACL: 'public-read',
      GrantWrite: reader,
    });
    await cos.putBucketAcl({ ...bucket, ACL: 'private' });
    expect(await cos.getBucketAcl(bucket)).toMatchObject({ ACL: 'private', GrantWrite: '' });
    const AccessControlPolicy = {
      Owner: { ID: 'qcs::cam::uin/1250000000:uin/1250000000' },
      Grants: [
        {
          Grantee: { URI: 'http://cam.qcloud.com/groups/global/AllUsers' },
          Permission: 'READ',
        },
      ],
    };
    await cos.putBucketAcl({ ...bucket, AccessControlPolicy } as unknown as COS.PutBucketAclParams);
    expect(await cos.getBucketAcl(bucket)).toMatchObject({ ACL: 'public-read' });
    const wrong = { ...bucket, ACL: 'authenticated-read' } as const;
    expect(await failure(cos.putBucketAcl(wrong))).toMatchObject({ code: 'InvalidArgument' });
    await cos.deleteBucket(bucket);
  });

  test('CORS rules are kept, answer preflights, and go away', async () => {
    const bucket = { ...own, Bucket: `${name}-cors-1250000000` };
    await cos.putBucket(bucket);
    expect(await cos.getBucketCors(bucket)).toMatchObject({ CORSRules: [], statusCode: 404 });
    const CORSRules = [
      {
        AllowedOrigins: ['https://*.example.com'],
        AllowedMethods: ['GET', 'PUT'],
        AllowedHeaders: ['*'],
        ExposeHeaders: ['x-cos-meta-owner'],
        MaxAgeSeconds: '60',
      },
    ];
    await cos.putBucketCors({ ...bucket, CORSRules } as unknown as COS.PutBucketCorsParams);
    expect((await cos.getBucketCors(bucket)).CORSRules).toEqual(CORSRules);

    const ask = (Origin: string, AccessControlRequestMethod: 'PUT' | 'DELETE') =>
      cos.optionsObject({
        ...bucket,
        Key: 'a b',
        Origin,
        AccessControlRequestMethod,
        AccessControlRequestHeaders: 'authorization, content-type',
      });
    expect(await ask('https://www.example.com', 'PUT')).toMatchObject({
      statusCode: 200,
      AccessControlAllowOrigin: 'https://www.example.com',
      AccessControlAllowMethods: 'GET,PUT',
      AccessControlAllowHeaders: 'authorization,content-type',
      AccessControlExposeHeaders: 'x-cos-meta-owner,ETag,x-cos-request-id',
      AccessControlMaxAge: '60',
    });
    const forbidden = { OptionsForbidden: true, statusCode: 403 };
    expect(await ask('https://example.org', 'PUT')).toMatchObject(forbidden);
    expect(await ask('https://www.example.com', 'DELETE')).toMatchObject(forbidden);

    const Headers = { Origin: 'https://www.example.com' };
    const put = await cos.putObject({ ...bucket, Key: 'a', Body: 'a', Headers });
    expect(put.headers).toMatchObject({
      'access-control-allow-origin': 'https://www.example.com',
    });
    await cos.deleteBucketCors(bucket);
    expect(await cos.getBucketCors(bucket)).toMatchObject({ CORSRules: [] });
    await cos.deleteObject({ ...bucket, Key: 'a' });
    await cos.deleteBucket(bucket);
  });

  test('versioning is off, may be asked for, and cannot be enabled', async () => {
    const asked = await cos.getBucketVersioning(first);
    expect(asked).toMatchObject({ statusCode: 200, VersioningConfiguration: {} });
    for (const Status of ['Enabled', 'Suspended'] as const) {
      const error = await failure(
        cos.putBucketVersioning({ ...first, VersioningConfiguration: { Status } }),
      );
      expect(error).toMatchObject({ statusCode: 501, code: 'NotImplemented' });
      expect(error.message).toContain('versioning cannot be enabled or suspended');
    }
  });
});
