import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { instantOperations } from '../../../../local/ci/instant.ts';
import { type Engine, startEngine } from '../../../../local/engine/engine.ts';
import { authorization } from '../../../../shared/wire/signature.ts';
import { admin, BUCKET, send, signed } from '../../engine/asking.ts';
import { receiver } from './bench-of-callbacks.ts';

const CI_HOST = `${BUCKET}.ci.ap-guangzhou.myqcloud.com`;
const OUTPUT = `<Output><Region>ap-guangzhou</Region><Bucket>${BUCKET}</Bucket><Object>out.mp4</Object></Output>`;

let engine: Engine;
let hook: Awaited<ReturnType<typeof receiver>>;
beforeAll(async () => {
  const operations = instantOperations();
  engine = await startEngine({
    ...{ port: 0, buckets: [BUCKET], allowPrivateFetch: true, operations },
  });
});
afterAll(() => engine.stop());
beforeEach(async () => {
  await admin(engine, 'POST /reset');
  await signed(engine, 'PUT', 'in.mp4', { body: 'film' });
  hook = await receiver();
  return () => hook.close();
});

/** What the owner asks of Cloud Infinite. */
function asked(to: Engine, method: string, path: string, body = '') {
  const at = Math.floor(to.clock.now() / 1000);
  const window = { fromSeconds: at - 60, untilSeconds: at + 600 };
  const unsigned = { method, path, headers: { host: CI_HOST } };
  const Authorization = authorization(unsigned, to.credentials, window);
  const headers = { Authorization, 'Content-Type': 'application/xml' };
  return send(to, { method, host: CI_HOST, path, headers, body });
}

const submit = (more: string, { input = 'in.mp4', to = engine } = {}) =>
  asked(
    to,
    'POST',
    '/jobs',
    `<Request><Tag>SegmentVideoBody</Tag><Input><Object>${input}</Object></Input><Operation>
    <SegmentVideoBody><Mode>Mask</Mode></SegmentVideoBody>${OUTPUT}</Operation>${more}</Request>`,
  );

/** Everything that a job leads to has been done. */
async function settled() {
  await engine.jobs.idle();
  await engine.callbacks.idle();
}

const told = () => hook.received.flatMap(({ callback }) => callback.jobs);
const idIn = ({ text }: { readonly text: string }) => /<JobId>(\w+)</.exec(text)?.[1];

test('a job that is done tells its address, when its output is there', async () => {
  const submitted = await submit(`<CallBack>${hook.url}</CallBack>`);
  await settled();
  expect(told()).toMatchObject([
    {
      ...{ jobId: idIn(submitted), state: 'Success', code: 'Success', message: 'Success' },
      tag: 'SegmentVideoBody',
      operation: { mediaResult: { bucket: BUCKET, objectNames: ['out.mp4'] } },
    },
  ]);
  expect(told()[0]?.endedAt).toBeGreaterThan(0);
  expect((await signed(engine, 'GET', 'out.mp4')).text).toBe('film');
});

test('a job that failed tells why', async () => {
  await submit(`<CallBack>${hook.url}</CallBack><CallBackFormat>JSON</CallBackFormat>`, {
    input: 'none.mp4',
  });
  await settled();
  expect(hook.received).toMatchObject([{ contentType: 'application/json' }]);
  expect(told()).toMatchObject([{ state: 'Failed', code: 'ResourceNotFound' }]);
});

describe('a queue that tells', () => {
  beforeEach(async () => {
    const { text } = await asked(engine, 'GET', '/queue');
    const [, id] = /.*<QueueId>(\w+)<.+?<Category>AIProcess</s.exec(text) ?? [];
    const { status } = await asked(
      engine,
      'PUT',
      `/queue/${id}`,
      `<Request><Name>mine</Name><State>Active</State><NotifyConfig><State>On</State>
      <Type>Url</Type><Url>${hook.url}</Url><Event>TaskFinish</Event>
      <ResultFormat>JSON</ResultFormat></NotifyConfig></Request>`,
    );
    expect(status).toBe(200);
  });

  test('tells of a job that says nothing', async () => {
    const submitted = await submit('');
    await settled();
    expect(hook.received[0]?.contentType).toBe('application/json');
    expect(hook.jobs()).toEqual([idIn(submitted)]);
  });

  test('does not tell of a job that says no', async () => {
    await submit('<CallBack>no</CallBack>');
    await settled();
    expect(hook.received).toEqual([]);
    expect(engine.callbacks.list()).toEqual([]);
  });
});

test('a job can tell a topic', async () => {
  const submitted = await submit(
    `<CallBackType>TDMQ</CallBackType><CallBackMqConfig><MqRegion>gz</MqRegion>
    <MqMode>Topic</MqMode><MqName>ended</MqName></CallBackMqConfig>`,
  );
  await settled();
  const { is } = await admin(engine, 'GET /topics/ended/messages');
  expect(is.messages).toMatchObject([{ id: `${idIn(submitted)}.Success`, state: 'waiting' }]);
});

test('a job that asks for Kafka is refused by name', async () => {
  const { status, text } = await submit('<CallBackType>Kafka</CallBackType>');
  expect([status, /<Code>(\w+)</.exec(text)?.[1]]).toEqual([501, 'NotImplemented']);
  expect(text).toContain('Kafka');
});

test('a job that asks for a private address is refused where that is not allowed', async () => {
  const strict = await startEngine({ port: 0, buckets: [BUCKET] });
  const { status, text } = await submit(`<CallBack>${hook.url}</CallBack>`, { to: strict });
  await strict.stop();
  expect([status, /<Code>(\w+)</.exec(text)?.[1]]).toEqual([400, 'InvalidArgument']);
  expect(text).toContain('--allow-private-fetch');
});
