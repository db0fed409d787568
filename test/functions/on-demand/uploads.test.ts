import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TicketReply } from '../../../functions/on-demand/shapes.ts';
import { onUpload } from '../../../functions/on-upload/on-upload.ts';
import { instantOperations } from '../../../local/ci/instant.ts';
import { reasonToReplay } from '../../../shared/progress/receipt.ts';
import type { Suite } from '../../../shared/run/ports.ts';
import { writeCosEvent } from '../../../shared/wire/cos-event.ts';
import { readUploadResult } from '../../../shared/wire/upload-result.ts';
import { at } from '../../client/client-for-tests.ts';
import { type EngineForTests, engineForTests } from '../../local/engine-for-tests.ts';
import { Desk, SHOP_KEY } from './desk.ts';
import { photoBytes } from './photos.ts';

let engine: EngineForTests;
let desk: Desk;
let bytes: Buffer;
/** How long processing a picture takes, by the engine's clock. */
let takesMs = 0;
/** What happens while a picture is processed. */
let meanwhile: () => Promise<unknown>;

beforeAll(async () => {
  const instant = instantOperations();
  const picture: typeof instant.picture = async (work) => {
    const done = await instant.picture(work);
    await meanwhile();
    engine.engine.clock.advance(takesMs);
    return done;
  };
  engine = await engineForTests({ operations: { ...instant, picture } });
  bytes = await photoBytes();
});
afterAll(() => engine.stop());
beforeEach(() => {
  takesMs = 2000;
  meanwhile = async () => {};
  desk = new Desk(engine);
});

function asked(key: string, more: object = {}) {
  const body = { key, contentType: 'image/jpeg', size: bytes.length, ...more };
  return desk.ask('POST', '/v1/uploads', { key: SHOP_KEY, body });
}

async function ticketFor(key: string, more: object = {}) {
  const reply = await asked(key, more);
  expect(reply.statusCode).toBe(201);
  return TicketReply.parse(JSON.parse(reply.body));
}

type Ticket = Awaited<ReturnType<typeof ticketFor>>;

const put = ({ url, method, headers }: Pick<Ticket, 'url' | 'method' | 'headers'>, body = bytes) =>
  fetch(url, { method, headers, body: new Uint8Array(body) });

/** The event that follows, heard by somebody who would notice being asked to pay. */
async function heard(key: string, given: Partial<Suite> = {}) {
  let paid = 0;
  const perform: Suite['ci']['perform'] = (request, limit) => {
    paid += 'steps' in request ? request.steps.length : 1;
    return desk.suite.ci.perform(request, limit);
  };
  const event = writeCosEvent([
    {
      ...{ ...at(key), eventName: 'cos:ObjectCreated:Put', size: bytes.length, at: Date.now() },
      ...{ meta: {}, queue: '', sourceIp: '203.0.113.1' },
    },
  ]);
  const suite = { ...desk.suite, ci: { ...desk.suite.ci, perform }, ...given };
  return { receipts: await onUpload(event, suite), paid: () => paid };
}

/** As the engine has it: its clock runs ahead. */
const aMinuteLater = () => engine.engine.clock.now() + 61_000;

test('an upload by ticket is processed as it arrives, and its event pays for nothing again', async () => {
  const ticket = await ticketFor('in/ticket.jpg');
  expect(ticket.steps).toMatchObject([{ operation: 'goods-matting' }]);
  expect(ticket.later).toBe(0);

  const answer = await put(ticket);
  expect(answer.status).toBe(200);
  const { results } = readUploadResult(await answer.text());
  expect(results).toMatchObject([{ key: 'cutouts/in/ticket.png' }]);

  const { receipts, paid } = await heard('in/ticket.jpg');
  expect(receipts).toMatchObject([{ status: 'done', output: { etag: results[0]?.etag } }]);
  expect(paid()).toBe(0);
  const again = await heard('in/ticket.jpg');
  expect(again.receipts).toMatchObject([{ status: 'skipped', because: 'already-done' }]);
});

test('an event that comes hours later finds the outputs all the same', async () => {
  await put(await ticketFor('in/late.jpg'));
  engine.engine.clock.advance(2 * 3600_000);
  const now = () => Date.now() + 2 * 3600_000 + 10_000;
  const { receipts, paid } = await heard('in/late.jpg', { now });
  expect(receipts).toMatchObject([{ status: 'done' }]);
  expect(paid()).toBe(0);
  engine.engine.clock.set(Date.now());
});

test('an event that comes while the upload is under way pays for nothing either', async () => {
  const ticket = await ticketFor('in/early.jpg');
  let early: Awaited<ReturnType<typeof heard>> | undefined;
  meanwhile = async () => {
    early = await heard('in/early.jpg');
  };
  expect((await put(ticket)).status).toBe(200);
  expect(early?.receipts).toMatchObject([{ status: 'skipped', because: 'upload-under-way' }]);
  expect(reasonToReplay(early?.receipts ?? [])).toMatchObject({ code: 'STEP_HELD' });

  const again = await heard('in/early.jpg');
  expect(again.receipts).toMatchObject([{ status: 'done' }]);
  expect(early?.paid()).toBe(0);
  expect(again.paid()).toBe(0);
});

test('whoever asks for an output between an upload by ticket and its event pays for nothing either', async () => {
  const key = 'in/looked-at.jpg';
  await put(await ticketFor(key));
  expect((await desk.show({ template: 'cutout', of: { key } })).statusCode).toBe(303);
  const body = { template: 'cutout', key };
  const run = await desk.ask('POST', '/v1/runs', { key: SHOP_KEY, body });
  expect(JSON.parse(run.body).receipts).toMatchObject([{ because: 'already-done' }]);
  expect(desk.logged.map(({ event }) => event)).not.toContain('asked');
});

test('an output as old as its source proves nothing, and is made again', async () => {
  takesMs = 0;
  engine.engine.clock.freeze();
  try {
    await put(await ticketFor('in/equal.jpg'));
  } finally {
    engine.engine.clock.thaw();
  }
  const { receipts, paid } = await heard('in/equal.jpg', { now: aMinuteLater });
  expect(receipts).toMatchObject([{ status: 'done' }]);
  expect(paid()).toBe(1);
});

test('what the upload could not do, its event does', async () => {
  const ticket = await ticketFor('in/broken.jpg', { size: 8 });
  const answer = await put(ticket, Buffer.from('no photo'));
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(await desk.suite.objects.head(at('in/broken.jpg'))).toBeDefined();
  const first = await heard('in/broken.jpg');
  expect(first.receipts).toMatchObject([{ status: 'skipped', because: 'upload-under-way' }]);
  const { receipts, paid } = await heard('in/broken.jpg', { now: aMinuteLater });
  expect(receipts).toMatchObject([{ status: 'failed' }]);
  expect(paid()).toBe(1);
});

test('a mark that was copied onto another upload claims nothing', async () => {
  const ticket = await ticketFor('in/mine.jpg');
  await put(ticket);
  const { default: COS } = await import('cos-nodejs-sdk-v5');
  const { bucket, region } = at('');
  const headers = Object.fromEntries(
    Object.entries(ticket.headers).filter(([name]) => name.startsWith('x-cos-meta-')),
  );
  const where = { Bucket: bucket, Region: region };
  const client = engine.client(COS);
  await client.putObject({ ...where, Key: 'in/forged.jpg', Body: bytes, Headers: headers });
  engine.engine.clock.advance(5000);
  await client.putObject({ ...where, Key: 'cutouts/in/forged.png', Body: Buffer.from('forged') });
  const { receipts, paid } = await heard('in/forged.jpg');
  expect(receipts).toMatchObject([{ status: 'done' }]);
  expect(paid()).toBe(1);
});

test.for<[what: string, (ticket: Ticket) => Pick<Ticket, 'url' | 'method' | 'headers'>]>([
  ['other rules', (t) => ({ ...t, headers: { ...t.headers, 'pic-operations': '{"rules":[]}' } })],
  [
    'no mark',
    (t) => ({
      ...t,
      headers: Object.fromEntries(
        Object.entries(t.headers).filter(([name]) => !name.startsWith('x-cos-meta-')),
      ),
    }),
  ],
  ['another type', (t) => ({ ...t, headers: { ...t.headers, 'content-type': 'text/html' } })],
  ['another key', (t) => ({ ...t, url: t.url.replace('/in/', '/other/') })],
])('a ticket takes no upload with %s', async ([, change]) => {
  const ticket = await ticketFor('in/as-signed.jpg');
  expect((await put(change(ticket))).status).toBe(403);
  expect(await desk.suite.objects.head(at('in/as-signed.jpg'))).toBeUndefined();
});

test('a ticket takes just as many bytes as were said', async () => {
  const ticket = await ticketFor('in/sized.jpg', { size: bytes.length - 1 });
  expect((await put(ticket)).status).toBe(403);
});

test('a ticket replaces nothing unless it is meant to', async () => {
  await put(await ticketFor('in/there.jpg'));
  expect((await put(await ticketFor('in/there.jpg'))).status).toBe(409);
  expect((await put(await ticketFor('in/there.jpg', { replace: true }))).status).toBe(200);
});

test('a page of another origin may use a ticket, once its bucket says so', async () => {
  const { default: COS } = await import('cos-nodejs-sdk-v5');
  const { bucket, region } = at('');
  await engine.client(COS).putBucketCors({
    Bucket: bucket,
    Region: region,
    CORSRules: [
      {
        AllowedOrigin: ['https://studio.example'],
        AllowedMethod: ['PUT'],
        AllowedHeader: ['*'],
        ExposeHeader: ['ETag'],
      },
    ],
  });
  const ticket = await ticketFor('in/page.jpg');
  const origin = 'https://studio.example';
  const names = Object.keys(ticket.headers).join(',');
  const preflight = await fetch(ticket.url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': names,
    },
  });
  expect(preflight.status).toBe(200);
  const answer = await put({ ...ticket, headers: { ...ticket.headers, origin } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
});

test('what depends on the bytes, and what the caller may not ask for, is not in a ticket', async () => {
  const refused = await asked('both/mug.jpg');
  expect(JSON.parse(refused.body)).toMatchObject({ status: 403, code: 'CALLER_DENIED' });

  const { http } = desk.suite.rules;
  const callers = http.callers.map((one) => ({ ...one, templates: [...one.templates, 'large'] }));
  const rules = { ...desk.suite.rules, http: { ...http, callers } };
  desk = new Desk(engine, { rules });
  const ticket = await ticketFor('both/mug.jpg');
  expect(ticket.steps.map(({ target }) => target.key)).toEqual([
    'cutouts/both/mug.png',
    'large/mug.jpg',
  ]);
  expect(ticket.later).toBe(1);

  await put(ticket);
  const { receipts, paid } = await heard('both/mug.jpg');
  expect(receipts.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  expect(paid()).toBe(1);
});

test('no ticket is given for what no rule takes', async () => {
  for (const key of ['elsewhere/a.jpg', 'in/a.txt', 'darkroom/steps/a.jpg', 'in/']) {
    const reply = await asked(key);
    expect([key, reply.statusCode >= 400 && reply.statusCode < 500]).toEqual([key, true]);
  }
});

test('over its budget, an upload is one like any other, and waits for its event', async () => {
  const { limits } = desk.suite.rules;
  const rules = { ...desk.suite.rules, limits: { ...limits, perDay: { requests: 1 } } };
  desk = new Desk(engine, { rules });
  expect((await ticketFor('in/first.jpg')).steps).toHaveLength(1);
  const ticket = await ticketFor('in/second.jpg');
  expect(ticket).toMatchObject({ steps: [], later: 1 });
  expect(Object.keys(ticket.headers).sort()).toEqual(['content-type', 'x-cos-forbid-overwrite']);
  expect((await put(ticket)).status).toBe(200);
});
