import COS from 'cos-nodejs-sdk-v5';
import { afterAll, describe, expect, test } from 'vitest';
import { BUCKET, engineForTests, HOST, REGION, SDKS } from '../engine-for-tests.ts';
import { rawRequest } from '../raw-request.ts';
import { failure } from './failure.ts';
import { escaped, signByHand } from './signed-by-hand.ts';

const started = await engineForTests();
const { engine } = started;
afterAll(() => started.stop());

const ODD: Readonly<Record<string, string>> = {
  'a space': 'a b.png',
  'spaces at both ends of a segment': ' a / b ',
  'Chinese letters': '图片/猫.png',
  'an emoji': '🐱.png',
  'an emoji of several characters': '👩‍👩‍👧‍👦.png',
  'an accent that is a letter of its own': 'cafe\u0301.png',
  'a plus': 'a+b.png',
  'a percent sign': '100%.png',
  'what looks like an escape': 'a%20b%2Fc.png',
  'doubled slashes': 'a//b///c.png',
  'a slash at the end': 'folder/',
  'dots as segments': './a/../b/.',
  'sub-delimiters': "!$&'()*,;=:@.png",
  'a question mark and a hash': 'what?/#1.png',
  'brackets, quotes and bars': '[a]{b}<c>"d"`e`|f^g\\h.png',
  'a line break and a tab': 'a\nb\tc.png',
  '850 bytes': 'k'.repeat(850),
  '850 bytes of Chinese': `${'图'.repeat(283)}k`,
  'the name of a property of every object': '__proto__',
};

describe.for(SDKS)('with the Node client %s', ([version, Sdk]) => {
  const cos = started.client(Sdk);
  const where = { Bucket: BUCKET, Region: REGION };

  test.for(Object.entries(ODD))('%s in a key is the same key everywhere', async ([, Key]) => {
    const at = { ...where, Key };
    await cos.putObject({ ...at, Body: `${version} ${Key}` });
    expect((await cos.getObject(at)).Body.toString()).toBe(`${version} ${Key}`);
    expect(await cos.headObject(at)).toMatchObject({ statusCode: 200 });
    expect(engine.storage.objects.head(BUCKET, Key)?.key).toBe(Key);

    const { Contents } = await cos.getBucket({ ...where, Prefix: Key, EncodingType: 'url' });
    expect(Contents.map((listed) => decodeURIComponent(listed.Key))).toEqual([Key]);

    const CopySource = `${HOST}/${escaped(Key)}`;
    await cos.putObjectCopy({ ...where, Key: 'copied', CopySource });
    expect((await cos.getObject({ ...where, Key: 'copied' })).ETag).toBe(
      (await cos.headObject(at)).ETag,
    );
    const url = cos.getObjectUrl({ ...at, Protocol: 'http:' });
    const { pathname, search } = new URL(url);
    // What the client wrote, before the URL class resolved any dots.
    const path = url.slice(url.indexOf(HOST) + HOST.length, url.indexOf('?'));
    expect(path.length).toBeGreaterThanOrEqual(pathname.length);
    const answer = await rawRequest(engine.port, {
      line: `GET ${path}${search}`,
      headers: { Host: HOST },
    });
    expect(answer.body.toString()).toBe(`${version} ${Key}`);

    await cos.deleteMultipleObject({ ...where, Objects: [{ Key }] });
    expect((await failure(cos.headObject(at))).statusCode).toBe(404);
  });

  test('a leading slash is part of the key where the client leaves it there', async () => {
    const raw = started.client(Sdk, { UseRawKey: true } as COS.COSOptions);
    await raw.putObject({ ...where, Key: '/led', Body: 'with' });
    await cos.putObject({ ...where, Key: '/led', Body: 'without' });
    expect((await raw.getObject({ ...where, Key: '/led' })).Body.toString()).toBe('with');
    expect((await cos.getObject({ ...where, Key: 'led' })).Body.toString()).toBe('without');
    const { Contents } = await cos.getBucket({ ...where, Prefix: '/' });
    expect(Contents.map(({ Key }) => Key)).toEqual(['/led']);
  });

  test.for([
    ['851 bytes', 'k'.repeat(851)],
    ['851 bytes of Chinese', `${'图'.repeat(283)}kk`],
  ] as const)('a key of %s is too long', async ([, Key]) => {
    const error = await failure(cos.putObject({ ...where, Key, Body: 'x' }));
    expect(error).toMatchObject({ statusCode: 400, code: 'KeyTooLong' });
  });
});

test.for([
  ['a slash', '/a%2Fb', 'a/b'],
  ['a dot', '/a%2E%2E/b', 'a../b'],
  ['a lower-case escape', '/%e5%9b%be', '图'],
  ['a letter that need not be escaped', '/%61', 'a'],
  ['a plus, which is a space', '/a+b', 'a b'],
  ['an escaped plus', '/a%2Bb', 'a+b'],
  ['a NUL', '/a%00b', 'a\0b'],
  ['an escaped percent sign', '/%2541', '%41'],
] as const)('%s on the request line is decoded once', async ([, path, key]) => {
  const { text } = signByHand({ method: 'PUT', path: `/${key}`, headers: { host: HOST } });
  const answer = await rawRequest(engine.port, {
    line: `PUT ${path}`,
    headers: { Host: HOST, Authorization: text },
    body: key,
  });
  expect(answer.status).toBe(200);
  expect(engine.storage.objects.head(BUCKET, key)?.size).toBe(Buffer.byteLength(key));
});

test.for(['/%', '/%zz', '/%ff', '/a%2', '/%ed%a0%80'])(
  'the path %s, which is not UTF-8, is refused',
  async (path) => {
    const answer = await rawRequest(engine.port, { line: `GET ${path}`, headers: { Host: HOST } });
    expect(answer.status).toBe(400);
    expect(COS.util.xml2json(answer.body.toString())).toMatchObject({
      Error: { Code: 'InvalidURI', Resource: `${HOST}${path}` },
    });
  },
);
