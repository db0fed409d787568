import { expect, test } from 'vitest';
import { answerCallback } from '../../functions/on-callback/answer-callback.ts';
import { onCallback } from '../../functions/on-callback/on-callback.ts';
import { onUpload } from '../../functions/on-upload/on-upload.ts';
import { Fault } from '../../shared/core/fault.ts';
import { tick } from '../../shared/run/tick.ts';
import { callbackTokens } from '../../shared/suite/callback-tokens.ts';
import { readCallback } from '../../shared/wire/callback.ts';
import { writeCmqEvent, writeTdmqEvent } from '../../shared/wire/message-envelope.ts';
import { cosEvent, MINUTE, Studio } from '../run/studio.ts';

const RULES = `
templates:
  clip@1:
    outputs:
      - { operation: segment-video-body, with: { mode: mask }, into: 'masks/{stem}.mp4' }
rules:
  - { name: clips, when: { prefix: in/, suffix: .mp4 }, use: clip }
notices:
  - { name: shop, url: 'https://shop.example/darkroom', about: '*' }
`;

const callback = (id: string) => [
  readCallback(
    JSON.stringify({ EventName: 'TaskFinish', JobsDetail: { JobId: id, State: 'Success' } }),
  ),
];

async function withJob() {
  const studio = new Studio(RULES);
  studio.put('in/a.mp4');
  await onUpload(cosEvent('in/a.mp4'), studio.suite());
  const [job] = studio.jobs;
  if (!job) throw new Error('no job');
  return { studio, job };
}

const types = (studio: Studio) => studio.heard.map(({ body }) => JSON.parse(body).type);

test('a job that has ended settles its step and is told of once', async () => {
  const { studio, job } = await withJob();
  studio.put('masks/a.mp4');
  job.report = { state: 'succeeded' };

  expect(await onCallback(callback('j1'), studio.suite())).toBe(1);
  expect(await onCallback(callback('j1'), studio.suite())).toBe(1);
  expect(types(studio)).toEqual(['job.succeeded']);

  studio.now += MINUTE;
  await tick(studio.suite());
  expect(types(studio)).toEqual(['job.succeeded', 'step.done']);
  expect(await onUpload(cosEvent('masks/a.mp4', 'in/a.mp4'), studio.suite())).toMatchObject([
    { because: 'already-done' },
  ]);
});

test.for(['CMQ', 'EventBridge'])(
  'a callback that comes through %s is heard as well',
  async (by) => {
    const { studio, job } = await withJob();
    studio.put('masks/a.mp4');
    job.report = { state: 'succeeded' };
    const body = JSON.stringify({
      EventName: 'TaskFinish',
      JobsDetail: { JobId: 'j1', State: 'Success' },
    });
    const message = { topic: 't', appid: 1, region: 'ap-guangzhou', id: 'm1', at: 0, body };
    const event = by === 'CMQ' ? writeCmqEvent([message]) : writeTdmqEvent(message);

    const reply = await answerCallback(event, {
      suite: studio.suite(),
      tokens: callbackTokens([]),
    });
    expect(reply).toBeUndefined();
    expect(types(studio)).toEqual(['job.succeeded']);
  },
);

test('a callback is answered by what came of it, and the token of either secret opens', async () => {
  const { studio } = await withJob();
  const [old, next] = ['the old secret', 'the new secret'];
  const tokens = callbackTokens([next, old]);
  const post = async (token: string, body: string, given = studio.suite()) => {
    const path = `/v1/callbacks/${token}`;
    const event = { httpMethod: 'POST', path, queryString: {}, headers: {}, body };
    return (await answerCallback(event, { suite: given, tokens }))?.statusCode;
  };
  const step = 'a'.repeat(64);
  const about = (id: string) =>
    JSON.stringify({ EventName: 'TaskFinish', JobsDetail: { JobId: id, State: 'Success' } });

  expect(await post(callbackTokens([old]).tokenFor(step), about('j1'))).toBe(200);
  expect(await post(tokens.tokenFor(step), about('j1'))).toBe(200);
  expect(await post(callbackTokens(['another']).tokenFor(step), about('j1'))).toBe(404);
  expect(await post(tokens.tokenFor(step), about('j9'))).toBe(404);
  expect(await post(tokens.tokenFor(step), '<html>')).toBe(400);

  const ill = studio.suite();
  const jobState = () => Promise.reject(new Fault('COS_UNREACHABLE', 'HTTP 500'));
  expect(
    await post(tokens.tokenFor(step), about('j1'), { ...ill, ci: { ...ill.ci, jobState } }),
  ).toBe(503);
});

test('what a callback says about a job is not believed', async () => {
  const { studio } = await withJob();

  expect(await onCallback(callback('j1'), studio.suite())).toBe(1);
  expect(await onCallback(callback('j2'), studio.suite())).toBe(0);
  expect(studio.heard).toEqual([]);
  expect(await onUpload(cosEvent('in/a.mp4'), studio.suite())).toMatchObject([
    { because: 'already-done' },
  ]);
});

test('a job that failed gives its step back, and the timer tries it again', async () => {
  const { studio, job } = await withJob();
  job.report = { state: 'failed', trouble: { code: 'Broken', message: 'no frames' } };
  await onCallback(callback('j1'), studio.suite());
  expect(studio.heard.map(({ body }) => JSON.parse(body))).toMatchObject([
    { type: 'job.failed', because: 'Broken: no frames' },
  ]);

  studio.now += 6 * MINUTE;
  await tick(studio.suite());
  expect(studio.jobs).toHaveLength(2);
});

test('a callback that never comes is made good by the timer', async () => {
  const { studio, job } = await withJob();
  studio.put('masks/a.mp4');
  job.report = { state: 'succeeded' };

  studio.now += 6 * MINUTE;
  await tick(studio.suite());
  expect(types(studio)).toContain('job.succeeded');
});

test('a notice that nobody took is sent again later, under the same id', async () => {
  const { studio, job } = await withJob();
  studio.put('masks/a.mp4');
  job.report = { state: 'succeeded' };
  studio.noticeStatus = 503;
  await onCallback(callback('j1'), studio.suite());
  studio.noticeStatus = 200;
  studio.now += MINUTE;
  await tick(studio.suite());

  const told = studio.heard.filter(({ id }) => id === 'j1.succeeded');
  expect(told).toHaveLength(2);
  expect(told[0]).toEqual(told[1]);
  studio.now += MINUTE;
  await tick(studio.suite());
  expect(studio.heard.filter(({ id }) => id === 'j1.succeeded')).toHaveLength(2);
});
