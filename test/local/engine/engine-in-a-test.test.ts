import COS from 'cos-nodejs-sdk-v5';
import { afterAll, expect, test } from 'vitest';
import { startEngine } from '../../../local/engine/engine.ts';

const engine = await startEngine({ port: 0, buckets: ['shop-1250000000'] });
afterAll(() => engine.stop());

const { secretId, secretKey } = engine.credentials;
const cos = new COS({
  SecretId: secretId,
  SecretKey: secretKey,
  Protocol: 'http:',
  Ip: `127.0.0.1:${engine.port}`,
});

test('an upload that fails once is sent again', async () => {
  const object = { Bucket: 'shop-1250000000', Region: 'ap-guangzhou', Key: 'in/mug.jpg' };
  const heard: unknown[] = [];
  engine.events.subscribe('on-upload', async (event) => {
    heard.push(event);
    return 'ok';
  });
  await engine.events.rules.add({
    id: 'uploads',
    bucket: object.Bucket,
    events: ['cos:ObjectCreated:*'],
    prefix: 'in/',
    suffix: '',
    subscriber: 'on-upload',
    enabled: true,
  });
  engine.faults.add({
    id: 'once',
    effect: 'status',
    status: 503,
    operations: ['PutObject'],
    percent: 100,
    times: 1,
  });

  await cos.putObject({ ...object, Body: 'a mug' });
  await engine.events.idle();

  expect(engine.requests.list(2).map(({ status }) => status)).toEqual([503, 200]);
  expect(heard).toMatchObject([{ Records: [{ cos: { cosObject: { size: 5 } } }] }]);
});
