import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { PlanReply, ReceiptsReply, RunReply } from '../../../functions/on-demand/shapes.ts';
import { carryOutRun } from '../../../shared/run/runs.ts';
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

const started = (body: object, headers: Record<string, string> = {}) =>
  desk.ask('POST', '/v1/runs', { key: SHOP_KEY, body, headers });

test('a plan says what would be done, and does nothing', async () => {
  await photo(engine, 'in/plan.jpg');
  const reply = await started({ template: 'cutout', key: 'in/plan.jpg', mode: 'plan' });
  expect(reply.statusCode).toBe(200);
  const plan = PlanReply.parse(JSON.parse(reply.body));
  expect(plan.explained).toMatch(
    /^in\/plan\.jpg \(\d+ bytes\)\n {2}template cutout: goods-matting -> cutouts\/in\/plan\.png$/,
  );
  expect(await desk.suite.objects.head(at('cutouts/in/plan.png'))).toBeUndefined();
});

test('what is waited for is there, and whoever asks again pays for nothing', async () => {
  await photo(engine, 'in/wait.jpg');
  const first = await started({ template: 'cutout@1', key: 'in/wait.jpg' });
  expect(first.statusCode).toBe(200);
  const { receipts } = ReceiptsReply.parse(JSON.parse(first.body));
  const written = await desk.suite.objects.head(at('cutouts/in/wait.png'));
  expect(receipts).toMatchObject([{ status: 'done', output: { etag: written?.etag } }]);

  const again = await started({ template: 'cutout', key: 'in/wait.jpg', mode: 'wait' });
  expect(JSON.parse(again.body).receipts).toMatchObject([
    { status: 'skipped', because: 'already-done' },
  ]);
});

test('work that goes on as a job is accepted', async () => {
  await photo(engine, 'in/hello.mp4');
  const reply = await started({ template: 'actors', key: 'in/hello.mp4' });
  expect(reply.statusCode).toBe(202);
  const { receipts } = ReceiptsReply.parse(JSON.parse(reply.body));
  expect(receipts).toMatchObject([{ status: 'accepted', jobId: expect.stringMatching(/./) }]);
});

test('a run that is to go is stored, carried out by a tick, and can be watched', async () => {
  await photo(engine, 'in/go.jpg');
  const reply = await started({ template: 'cutout', key: 'in/go.jpg', mode: 'go' });
  expect(reply.statusCode).toBe(202);
  const run = RunReply.parse(JSON.parse(reply.body));
  expect(reply.headers['location']).toBe(`/v1/runs/${run.id}`);
  expect(run).toMatchObject({ state: 'waiting', steps: [] });
  expect(desk.invoked).toEqual([run.id]);
  expect(await desk.suite.objects.head(at('cutouts/in/go.png'))).toBeUndefined();

  await carryOutRun(run.id, desk.suite);
  const seen = await desk.ask('GET', `/v1/runs/${run.id}`, { key: SHOP_KEY });
  expect(seen.statusCode).toBe(200);
  expect(RunReply.parse(JSON.parse(seen.body))).toMatchObject({
    state: 'carried-out',
    steps: [{ state: 'done', target: { key: 'cutouts/in/go.png' } }],
  });
  expect(await desk.suite.objects.head(at('cutouts/in/go.png'))).toBeDefined();
});

test('a run of which nothing can be made says why', async () => {
  const reply = await started({ template: 'cutout', key: 'in/never.jpg', mode: 'go' });
  const { id } = JSON.parse(reply.body);
  await carryOutRun(id, desk.suite);
  const seen = await desk.ask('GET', `/v1/runs/${id}`, { key: SHOP_KEY });
  expect(JSON.parse(seen.body)).toMatchObject({
    state: 'refused',
    trouble: { message: 'There is no object in/never.jpg' },
  });
});

test('nobody else is told about a run', async () => {
  const reply = await started({ template: 'cutout', key: 'in/mine.jpg', mode: 'go' });
  const { id } = JSON.parse(reply.body);
  const seen = await desk.ask('GET', `/v1/runs/${id}`, { key: 'the-key-of-the-slow' });
  expect(seen.statusCode).toBe(404);
  expect(JSON.parse(seen.body)).toMatchObject({
    code: 'NOT_THERE',
    detail: `There is no run ${id}`,
  });
});

test('a request that is sent again with its idempotency key is the same run', async () => {
  const body = { template: 'cutout', key: 'in/once.jpg', mode: 'go' };
  const [first, again] = [
    await started(body, { 'idempotency-key': 'order 7' }),
    await started(body, { 'Idempotency-Key': 'order 7' }),
  ];
  expect(again.headers['location']).toBe(first.headers['location']);

  const other = await started({ ...body, key: 'in/other.jpg' }, { 'idempotency-key': 'order 7' });
  expect(other.statusCode).toBe(409);
  expect(JSON.parse(other.body)).toMatchObject({ code: 'RUN_CONFLICT' });
});

test('when the service fails, the answer says when to come back, and what was done all the same', async () => {
  await photo(engine, 'in/busy.jpg');
  const { suite } = desk;
  const { Fault } = await import('../../../shared/core/fault.ts');
  const busy = new Desk(engine, {
    ci: {
      ...suite.ci,
      perform: async () => {
        throw new Fault('COS_THROTTLED', 'Slow down, https://x/y?q-signature=secret');
      },
    },
  });
  const reply = await busy.ask('POST', '/v1/runs', {
    key: SHOP_KEY,
    body: { template: 'cutout', key: 'in/busy.jpg' },
  });
  expect(reply.statusCode).toBe(503);
  expect(reply.headers).toMatchObject({
    'retry-after': '5',
    'content-type': 'application/problem+json',
  });
  expect(JSON.parse(reply.body)).toMatchObject({
    code: 'COS_THROTTLED',
    receipts: [{ status: 'failed', trouble: { code: 'COS_THROTTLED' } }],
  });
  expect(reply.body).not.toContain('secret');
});
