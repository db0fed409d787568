import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { redactedPath, redactedText } from '../../../local/server/redacted-request.ts';
import { postPolicyFields } from '../../../shared/wire/post-policy.ts';
import { presign } from '../../../shared/wire/signature.ts';
import { admin, BUCKET, HOST, send, signed } from './asking.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ port: 0, buckets: [BUCKET] });
});
beforeEach(() => admin(engine, 'DELETE /requests'));
afterAll(() => engine.stop());

const logged = async (limit = 1000) =>
  (await admin(engine, `GET /requests?limit=${limit}`)).is.requests;

const window = () => {
  const at = Math.floor(engine.clock.now() / 1000);
  return { fromSeconds: at - 60, untilSeconds: at + 600 };
};

describe('the log says', () => {
  test('what was asked, who signed it, what came of it and how long it took', async () => {
    await signed(engine, 'PUT', 'in/tea cup.jpg', { body: 'a cup' });
    const [entry] = await logged();
    expect(entry).toEqual({
      id: expect.stringMatching(/./),
      at: expect.any(Number),
      method: 'PUT',
      host: HOST,
      path: '/in/tea%20cup.jpg',
      operation: 'PutObject',
      bucket: BUCKET,
      key: 'in/tea cup.jpg',
      signedBy: `owner ${engine.credentials.secretId}`,
      status: 200,
      durationMs: expect.any(Number),
      bytesIn: 5,
      bytesOut: 0,
    });
  });

  test('the id that the client was given', async () => {
    const { headers } = await signed(engine, 'GET', 'none.jpg');
    expect(await logged()).toMatchObject([
      { id: headers['x-cos-request-id'], status: 404, code: 'NoSuchKey' },
    ]);
  });

  test('which keys a refused signature claims, as far as they can be keys', async () => {
    const nobody = { secretId: 'AKIDnobody', secretKey: 'x' };
    await signed(engine, 'GET', 'mug.jpg', { as: nobody });
    await signed(engine, 'GET', 'mug.jpg', { as: { ...nobody, secretId: 'a b' } });
    const wrong = { ...engine.credentials, secretKey: 'x' };
    await signed(engine, 'GET', 'mug.jpg', { as: wrong });
    expect(await logged()).toMatchObject([
      { signedBy: 'unproven AKIDnobody', code: 'InvalidAccessKeyId' },
      { signedBy: 'unproven …', code: 'InvalidAccessKeyId' },
      { signedBy: `unproven ${wrong.secretId}`, code: 'SignatureDoesNotMatch' },
    ]);
  });

  test('which permission was missing, and what would have given it', async () => {
    await send(engine, { host: HOST, path: '/mug.jpg' });
    const [entry] = await logged();
    expect(entry).toMatchObject({ signedBy: 'anonymous', status: 403, code: 'AccessDenied' });
    expect(entry.denied).toContain(
      `cos:GetObject on qcs::cos:ap-guangzhou:uid/1250000000:${BUCKET}/mug.jpg, and nobody signed the request`,
    );
    expect(JSON.parse(entry.allowWith)).toMatchObject({ effect: 'allow' });
  });

  test('what differs in a wrong signature', async () => {
    const as = { ...engine.credentials, secretKey: 'another' };
    await signed(engine, 'GET', 'mug.jpg', { as });
    const [entry] = await logged();
    expect(entry).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    expect(entry.difference).toMatch(/another SecretKey/);
  });

  test('who signed an upload by form', async () => {
    const { fromSeconds: from, untilSeconds: until } = window();
    const policy = JSON.stringify({
      expiration: new Date(engine.clock.now() + 60_000).toISOString(),
      conditions: [
        { bucket: BUCKET },
        ['starts-with', '$key', ''],
        { 'q-sign-algorithm': 'sha1' },
        { 'q-ak': engine.credentials.secretId },
        { 'q-sign-time': `${from};${until}` },
      ],
    });
    const form = new FormData();
    form.set('key', 'by-form.txt');
    const fields = postPolicyFields(policy, engine.credentials, {
      fromSeconds: from,
      untilSeconds: until,
    });
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob(['text']), 'a.txt');
    const encoded = new Response(form);
    const type = encoded.headers.get('content-type') ?? '';
    const body = Buffer.from(await encoded.arrayBuffer());
    await send(engine, { host: HOST, method: 'POST', headers: { 'Content-Type': type }, body });
    expect(await logged()).toMatchObject([
      { operation: 'PostObject', status: 204, signedBy: `owner ${engine.credentials.secretId}` },
    ]);
  });

  test('the last requests only, in their order, and nothing of the admin API', async () => {
    for (const key of ['a', 'b', 'c']) await signed(engine, 'GET', key);
    await admin(engine, 'GET /clock');
    expect((await logged(2)).map(({ key }: { key: string }) => key)).toEqual(['b', 'c']);
    await admin(engine, 'DELETE /requests');
    expect(await logged()).toEqual([]);
  });
});

describe('no secret gets into the log', () => {
  test('however it was sent', async () => {
    const { is: key } = await admin(engine, 'POST /temporary-keys', {});
    const { secretId, secretKey, token } = key;
    const unsigned = { method: 'GET', path: '/mug.jpg', headers: { host: HOST } };
    const address = presign('', { ...unsigned, query: {} }, { secretId, secretKey }, window());
    const query = address.slice(address.indexOf('?') + 1);
    const signature = /q-signature=(\w{40})/.exec(query)?.[1] ?? '';
    const whole = `http://${HOST}/mask.png?${query}&x-cos-security-token=${token}`;
    const once = encodeURIComponent(whole);
    const base64 = Buffer.from(whole).toString('base64url');

    await signed(engine, 'GET', 'mug.jpg', { as: key });
    const paths = [
      `/mug.jpg?${query}&x-cos-security-token=${token}`,
      `/mug.jpg?sign=${encodeURIComponent(query)}&x-cos-security-token=${token}`,
      `/mug.jpg?ci-process=AIPicMatting&detect-url=${once}`,
      `/mug.jpg?detect-url=${encodeURIComponent(once)}`,
      `/mug.jpg?detect-url=${encodeURIComponent(encodeURIComponent(once))}&x=1`,
      `/mug.jpg?ci-process=ImageRepair&MaskPic=${base64}`,
      `/mug.jpg?watermark/1/image/${base64}/gravity/center`,
      `/mug.jpg%3F${encodeURIComponent(query)}`,
      `/mug.jpg%3F${query}%26x-cos-security-token%3D${token}`,
    ];
    for (const path of paths) await send(engine, { host: HOST, path });

    const text = JSON.stringify(await logged());
    expect(await logged()).toHaveLength(paths.length + 1);
    expect(text).toContain('/mug.jpg?ci-process=AIPicMatting&detect-url=…');
    expect(signature).toHaveLength(40);
    for (const secret of [secretKey, token, signature, base64, engine.adminToken]) {
      expect(text).not.toContain(secret);
    }
  });

  test.for([
    ['acl', '/k?acl'],
    ['prefix=a%2Fb&max-keys=5', '/k?prefix=a%2Fb&max-keys=5'],
    [
      'response-content-type=image%2Fpng&q-signature=abc',
      '/k?response-content-type=image%2Fpng&q-signature=…',
    ],
    ['q%2Dsignature=abc', '/k?q%2Dsignature=…'],
    ['Sign=abc&&', '/k?Sign=…&&'],
    ['q-header-list=host;x-cos-security-token', '/k?q-header-list=host;x-cos-security-token'],
    ['a=100%25&b=%zz', '/k?a=100%25&b=%zz'],
    [`u=${'%25'.repeat(9)}41`, `/k?u=${'%25'.repeat(9)}41`],
    [`u=%${'25'.repeat(9)}41`, '/k?u=…'],
  ] as const)('of the query %s stays %s', ([query, shown]) => {
    expect(redactedPath('/k', query)).toBe(shown);
  });

  test('a text that quotes an address loses what was signed of it', () => {
    expect(redactedText('The parameter "detect-url" is "http://h/k?q-signature=abc" here')).toBe(
      'The parameter "detect-url" is "http://h/k?…" here',
    );
  });

  test('an endless address is cut short', async () => {
    await send(engine, { host: HOST, path: `/mug.jpg?prefix=${'x'.repeat(20_000)}` });
    const [entry] = await logged();
    expect(entry.path.length).toBeLessThan(5000);
  });
});
