import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { at } from '../../client/client-for-tests.ts';
import { type EngineForTests, engineForTests } from '../../local/engine-for-tests.ts';
import { Desk, SHOP_KEY } from './desk.ts';
import { photo } from './photos.ts';

let engine: EngineForTests;
let desk: Desk;
beforeAll(async () => {
  engine = await engineForTests();
});
afterAll(() => engine.stop());
beforeEach(() => {
  desk = new Desk(engine);
});

const codeOf = ({ body }: { body: string }) => JSON.parse(body).code;
const link = (key: string) => ({ template: 'cutout', of: { key } });

test('a link leads to the bytes of an output, which is made first where it is missing', async () => {
  await photo(engine, 'in/red boot #1+%.jpg');
  const reply = await desk.show(link('in/red boot #1+%.jpg'));
  expect(reply).toMatchObject({ statusCode: 303, body: '' });
  expect(reply.headers['cache-control']).toMatch(/^public, max-age=(?:59|60)$/);

  const seen = await fetch(reply.headers['location'] ?? '');
  expect(seen.status).toBe(200);
  expect(seen.headers.get('content-type')).toBe('image/png');
  const output = await desk.suite.objects.head(at('cutouts/in/red boot #1+%.png'));
  expect(seen.headers.get('etag')).toBe(`"${output?.etag}"`);
});

test('a look at what is there asks for nothing to be made', async () => {
  await photo(engine, 'in/twice.jpg');
  await desk.show(link('in/twice.jpg'));
  const ci = { ...desk.suite.ci, perform: () => Promise.reject(new Error('asked again')) };
  const later = new Desk(engine, { ci, records: desk.suite.records });
  expect((await later.show(link('in/twice.jpg'))).statusCode).toBe(303);
});

test('HEAD tells whether an output is there, and has nothing made', async () => {
  await photo(engine, 'in/head.jpg');
  const before = await desk.show(link('in/head.jpg'), 'HEAD');
  expect(before).toMatchObject({ statusCode: 404, body: '' });
  expect(await desk.suite.objects.head(at('cutouts/in/head.png'))).toBeUndefined();
  await desk.show(link('in/head.jpg'));
  expect(await desk.show(link('in/head.jpg'), 'HEAD')).toMatchObject({ statusCode: 303, body: '' });
});

test('what is not stored is made on the way to whoever looks, by an address nobody can change', async () => {
  await photo(engine, 'in/look.jpg');
  const reply = await desk.show({ template: 'small', of: { key: 'in/look.jpg' } });
  const address = reply.headers['location'] ?? '';
  expect(address).toContain('&imageMogr2%2Fthumbnail%2F40x=');
  expect((await fetch(address)).headers.get('content-type')).toBe('image/jpeg');

  const other = await fetch(address.replace('%2F40x', '%2F4000x'));
  expect(other.status).toBe(403);
  expect((await fetch(address.replace('&imageMogr2%2Fthumbnail%2F40x=', ''))).status).toBe(403);
});

test('each output of a template can be looked at, and only that one is made', async () => {
  await photo(engine, 'in/second.jpg');
  const reply = await desk.show({ template: 'small', of: { key: 'in/second.jpg' }, output: 2 });
  expect(reply.headers['location']).toContain('/small/second.png?');
  const third = await desk.show({ template: 'small', of: { key: 'in/second.jpg' }, output: 3 });
  expect([third.statusCode, codeOf(third)]).toEqual([404, 'NOT_THERE']);
});

test('a caller may look as well as a link, but only at its own templates', async () => {
  await photo(engine, 'in/caller.jpg');
  const reply = await desk.ask('GET', '/v1/render/cutout/in/caller.jpg', { key: SHOP_KEY });
  expect(reply.statusCode).toBe(303);
  expect(reply.headers['cache-control']).toBe('private, max-age=300');
  const other = await desk.ask('GET', '/v1/render/large/in/caller.jpg', { key: SHOP_KEY });
  expect([other.statusCode, codeOf(other)]).toEqual([403, 'CALLER_DENIED']);
});

test('what a job makes is waited for', async () => {
  await photo(engine, 'in/clip.mp4');
  const reply = await desk.show({ template: 'actors', of: { key: 'in/clip.mp4' } });
  expect([reply.statusCode, codeOf(reply)]).toEqual([503, 'STEP_HELD']);
  expect(reply.headers['retry-after']).toBe('5');
});

test('what was made and removed is not made again behind a link', async () => {
  await photo(engine, 'in/gone.jpg');
  await desk.show(link('in/gone.jpg'));
  const { default: COS } = await import('cos-nodejs-sdk-v5');
  const { bucket, region, key } = at('cutouts/in/gone.png');
  await engine.client(COS).deleteObject({ Bucket: bucket, Region: region, Key: key });
  const reply = await desk.show(link('in/gone.jpg'));
  expect([reply.statusCode, codeOf(reply)]).toEqual([404, 'NOT_THERE']);
});

test.for([
  ['in/nowhere.jpg', 'There is no object in/nowhere.jpg in shop'],
  ['darkroom/steps/x.json', 'There is no object darkroom/steps/x.json'],
] as const)('a link to %s leads nowhere', async ([key, detail]) => {
  const reply = await desk.show(link(key));
  expect(JSON.parse(reply.body)).toMatchObject({ status: 404, code: 'NOT_THERE', detail });
});

test('an output is no source, so links do not pile work upon work', async () => {
  await photo(engine, 'in/loop.jpg');
  await desk.show(link('in/loop.jpg'));
  const reply = await desk.show(link('cutouts/in/loop.png'));
  expect(JSON.parse(reply.body)).toMatchObject({
    status: 404,
    detail: 'This template makes nothing of cutouts/in/loop.png: own-output',
  });
});

test('the path names the object it says, whatever a parser would make of it', async () => {
  await photo(engine, 'in/../up.jpg');
  const path = '/v1/render/cutout/in/%2e%2e/up.jpg';
  const reply = await desk.ask('GET', path, { key: SHOP_KEY });
  expect(JSON.parse(reply.body)).toMatchObject({ code: 'NOT_THERE' });
  expect(reply.body).toContain('in/../up.jpg');
});

test.for<[what: string, query: Record<string, string>]>([
  ['has expired', { expires: '1700000000' }],
  ['has no end', { expires: 'never' }],
  ['has another end', { expires: '9999999999' }],
  ['is for another output', { output: '2' }],
  ['is for a bucket', { bucket: 'shop' }],
  ['has another signature', { signature: 'A'.repeat(43) }],
  ['has an empty signature', { signature: '' }],
])('a link that %s opens nothing', async ([, changed]) => {
  const address = new URL(
    `http://x${(await import('../../../shared/wire/link.ts')).writeLink(
      { ...link('in/x.jpg'), output: 1, untilSeconds: Math.floor(Date.now() / 1000) + 60 },
      desk.suite.seals.seal,
    )}`,
  );
  const query = { ...Object.fromEntries(address.searchParams), ...changed };
  const reply = await desk.ask('GET', address.pathname, { query });
  expect([reply.statusCode, codeOf(reply)]).toEqual([403, 'LINK_INVALID']);
});

test('a picture elsewhere is fetched by the service, by an address that holds its own', async () => {
  const url = 'https://img.example.com/a b.jpg?x=1#here';
  const reply = await desk.show({ template: 'small', of: { url }, output: 2 });
  expect(reply.statusCode).toBe(303);
  const address = new URL(reply.headers['location'] ?? '');
  expect(address.pathname).toBe('/shop-1250000000/');
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    'ci-process': 'AIPicMatting',
    'detect-url': 'https://img.example.com/a%20b.jpg?x=1',
  });
  expect(address.searchParams.get('q-url-param-list')).toContain('detect-url');
});

test('a picture elsewhere is not for pipelines, nor for who may not ask', async () => {
  const url = 'https://img.example.com/a.jpg';
  const pipeline = await desk.show({ template: 'small', of: { url } });
  expect([pipeline.statusCode, codeOf(pipeline)]).toEqual([400, 'REQUEST_INVALID']);
  const nobody = await desk.ask('GET', '/v1/render/cutout', { query: { url } });
  expect(nobody.statusCode).toBe(401);
});
