import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onDemand } from '../../functions/on-demand/on-demand.ts';
import { RateLimit } from '../../functions/on-demand/rate-limit.ts';
import { instantOperations } from '../../local/ci/instant.ts';
import { openSeals } from '../../shared/client/seals.ts';
import { writeLink } from '../../shared/wire/link.ts';
import { readUploadResult } from '../../shared/wire/upload-result.ts';
import { photoBytes } from '../functions/on-demand/photos.ts';
import { BUCKET, type StudioOnEngine, studioOnEngine } from './studio-on-engine.ts';

const RULES = `
templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, into: 'cutouts/{dir}/{stem}.png' }
  crop@1:
    outputs:
      - { operation: smart-crop, with: { width: 20, height: 20 }, store: false }
rules:
  - { name: products, when: { prefix: in/, suffix: .jpg }, use: cutout }
http:
  callers:
    - { name: shop, templates: [cutout, crop] }
  sources: img.example.com
`;
const KEY = 'the-key-of-the-shop';
const LINK_SECRET = 'a secret of at least thirty-two characters';

let studio: StudioOnEngine;
let ask: (
  method: string,
  path: string,
  asking?: { body?: object; query?: object; key?: string },
) => ReturnType<typeof onDemand>;
let photo: Buffer;

beforeAll(async () => {
  const instant = instantOperations();
  const picture: typeof instant.picture = async (work) => {
    const done = await instant.picture(work);
    studio.engine.clock.advance(2000); // as long as it takes the service, in whole seconds
    return done;
  };
  studio = await studioOnEngine(RULES, { operations: { ...instant, picture } });
  photo = await photoBytes();
  const open = await studio.open('on-demand');
  const rateLimit = new RateLimit();
  const apiKeys = [{ caller: 'shop', sha256: createHash('sha256').update(KEY).digest('hex') }];
  ask = (httpMethod, path, { body, query = {}, key = KEY } = {}) =>
    onDemand(
      {
        ...{ httpMethod, path, queryString: query, body: body ? JSON.stringify(body) : '' },
        headers: key === '' ? {} : { authorization: `Bearer ${key}` },
      },
      async () => {
        const { suite, requestId } = await open();
        return { suite, requestId, rateLimit, apiKeys };
      },
    );
});
afterAll(() => studio.stop());

test('a ticket is used with the permissions of its function, and the event that follows pays nothing', async () => {
  const reply = await ask('POST', '/v1/uploads', {
    body: { key: 'in/mug.jpg', contentType: 'image/jpeg', size: photo.length },
  });
  expect(reply.statusCode).toBe(201);
  const { url, headers } = JSON.parse(reply.body);
  const answer = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(photo) });
  const text = await answer.text();
  expect([answer.status, text]).toEqual([200, expect.stringContaining('UploadResult')]);
  const { results } = readUploadResult(text);
  expect(results.map(({ key }) => key)).toEqual(['cutouts/in/mug.png']);

  // The event overtook the outputs; it is delivered again a minute later.
  await studio.settle();
  studio.engine.clock.advance(61_000);
  await studio.settle();
  const found = studio.lines.filter(({ event }) => event === 'output found');
  expect(found).toMatchObject([{ etag: results[0]?.etag }]);
  expect(studio.lines.filter(({ event }) => event === 'asked')).toEqual([]);
});

test('a run that is to go is carried out by the timer', async () => {
  await studio.put('elsewhere/cup.jpg', photo);
  const started = await ask('POST', '/v1/runs', {
    body: { template: 'cutout', key: 'elsewhere/cup.jpg', mode: 'go' },
  });
  expect(started.statusCode).toBe(202);
  const { location = '' } = started.headers;
  expect(JSON.parse((await ask('GET', location)).body).state).toBe('waiting');
  await studio.tick();
  await studio.settle();
  expect(JSON.parse((await ask('GET', location)).body)).toMatchObject({
    state: 'carried-out',
    steps: [{ state: 'done', target: { key: 'cutouts/elsewhere/cup.png' } }],
  });
  expect(await studio.get(BUCKET, 'cutouts/elsewhere/cup.png')).toBeDefined();
});

test.for([
  ['cutout', 'image/png'],
  ['crop', 'image/jpeg'],
] as const)('a link to %s leads to bytes', async ([template, type]) => {
  await studio.put('elsewhere/look.jpg', photo);
  const untilSeconds = Math.floor(studio.engine.clock.now() / 1000) + 600;
  const of = { key: 'elsewhere/look.jpg' };
  const link = writeLink({ template, of, output: 1, untilSeconds }, openSeals([LINK_SECRET]).seal);
  const [path = '', search = ''] = link.split('?');
  const query = Object.fromEntries(new URLSearchParams(search));
  const reply = await ask('GET', path, { query, key: '' });
  expect(reply.statusCode).toBe(303);
  const seen = await fetch(reply.headers['location'] ?? '');
  expect([seen.status, seen.headers.get('content-type')]).toEqual([200, type]);
});

test('no key, no signature and no signed address is in the log', () => {
  const log = JSON.stringify(studio.lines);
  for (const secret of [KEY, LINK_SECRET, 'q-signature', 'darkroom-ticket']) {
    expect(log).not.toContain(secret);
  }
});
