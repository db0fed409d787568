import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Texts } from '../../shared/client/texts.ts';
import { Fault } from '../../shared/core/fault.ts';
import { logLine } from '../../shared/core/log.ts';
import {
  BUCKET,
  type EngineForTests,
  engineForTests,
  KEYS,
  REGION,
} from '../local/engine-for-tests.ts';
import { at, clientOf } from './client-for-tests.ts';

const HOUR_MS = 3_600_000;

let running: EngineForTests;
let sdk: COS;

beforeAll(async () => {
  running = await engineForTests();
  sdk = running.client(COS);
  await put('in/mug.jpg', 'a mug');
});
afterAll(() => running.stop());
beforeEach(() => {
  running.engine.faults.clear();
  running.engine.requests.clear();
});

const put = (Key: string, Body: string, more = {}) =>
  sdk.putObject({ Bucket: BUCKET, Region: REGION, Key, Body, ...more });

const statuses = () => running.engine.requests.list(100).map(({ status }) => status);

const faultOf = async (act: Promise<unknown>): Promise<Fault> => {
  const thrown = await act.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown instanceof Fault) return thrown;
  throw new Error(`It was to fail with a fault, not with ${thrown}`);
};

describe('what the official client wrote', () => {
  test.for(['plain.jpg', 'Ünïcödé 照片/a b+c(1).jpg', "odd/!'()*~&=?#%41.jpg", 'a//b/./c'])(
    'is seen as it is: %s',
    async (key) => {
      await put(key, 'bytes', {
        ContentType: 'image/jpeg',
        Headers: { 'x-cos-meta-owner': 'shop', 'x-cos-meta-note': '%E7%85%A7' },
      });
      const there = await sdk.headObject({ Bucket: BUCKET, Region: REGION, Key: key });

      expect(await clientOf(running).objects.head(at(key))).toEqual({
        ...at(key),
        etag: there.ETag?.replaceAll('"', ''),
        size: 5,
        contentType: 'image/jpeg',
        modified: Date.parse(there.headers?.['last-modified'] ?? ''),
        metadata: { owner: 'shop', note: '%E7%85%A7' },
      });
    },
  );

  test('is listed page by page, in the order of the keys', async () => {
    const keys = ['list/a b.jpg', 'list/b\u0001.jpg', 'list/ü.jpg'];
    for (const key of keys) await put(key, 'x');
    const { objects } = clientOf(running);

    const first = await objects.list(at(''), { prefix: 'list/', cursor: '', limit: 2 });
    expect(first.objects.map(({ key }) => key)).toEqual(keys.slice(0, 2));
    expect(first.objects[0]).toMatchObject({ ...at(keys[0] ?? ''), size: 1 });
    const second = await objects.list(at(''), {
      ...{ prefix: 'list/', cursor: first.next ?? '', limit: 2 },
    });
    expect(second).toMatchObject({ objects: [{ key: keys[2] }], next: undefined });
  });

  test('and the other way round: what ours writes, the official client reads', async () => {
    const texts = clientOf(running).textsIn(at(''));
    await texts.put('records/ü 1.json', '{"a":"ü"}');

    const there = await sdk.getObject({ Bucket: BUCKET, Region: REGION, Key: 'records/ü 1.json' });
    expect(there.Body.toString()).toBe('{"a":"ü"}');
  });
});

describe('what time heals', () => {
  test.for([
    ['a 500', { effect: 'status', status: 500 }, [500, 500, 200]],
    ['a 503', { effect: 'status', status: 503 }, [503, 503, 200]],
    ['SlowDown', { effect: 'throttle' }, [503, 503, 200]],
    ['a reset', { effect: 'reset' }, undefined],
    ['an answer that was lost', { effect: 'lose-answer' }, undefined],
  ] as const)('a read is sent again after %s', async ([, effect, seen]) => {
    running.engine.faults.add({ id: 'f', ...effect, operations: [], percent: 100, times: 2 });

    expect(await clientOf(running).objects.head(at('in/mug.jpg'))).toMatchObject({ size: 5 });
    if (seen) expect(statuses()).toEqual(seen);
  });

  test('a read is given up after five tries, or when no time is left for another', async () => {
    running.engine.faults.add({
      id: 'f',
      effect: 'status',
      status: 500,
      operations: [],
      percent: 100,
    });

    const given = await faultOf(clientOf(running).objects.head(at('in/mug.jpg')));
    expect(given).toMatchObject({ code: 'COS_UNREACHABLE', detail: { status: 500 } });
    expect(statuses()).toHaveLength(5);

    running.engine.requests.clear();
    const leftMs = () => (statuses().length === 0 ? 60_000 : 20);
    const short = clientOf(running, { leftMs, random: () => 0.99 });
    expect((await faultOf(short.objects.head(at('in/mug.jpg')))).code).toBe('COS_UNREACHABLE');
    expect(statuses()).toHaveLength(1);
  });

  test('what the service refuses for good is asked once', async () => {
    const stranger = clientOf(running, { keys: () => ({ ...KEYS, secretKey: 'another' }) });

    const fault = await faultOf(stranger.textsIn(at('')).get('in/mug.jpg'));
    expect(fault).toMatchObject({ code: 'COS_DENIED', retry: 'never' });
    expect(fault.detail).toMatchObject({ vendorCode: 'SignatureDoesNotMatch', status: 403 });
    expect(statuses()).toEqual([403]);
  });

  test('a pause is as long as Retry-After asks, and longer each time by chance', async () => {
    const pauses: number[] = [];
    const sleep = async (ms: number) => void pauses.push(Math.round(ms));
    const retries: string[] = [];
    const { objects } = clientOf(running, {
      ...{ sleep, random: () => 0.5 },
      onRetry: ({ request, because, tries }) => retries.push(`${request} ${because} ${tries}`),
    });
    running.engine.faults.add({
      ...{
        id: 'f',
        effect: 'throttle',
        retryAfterSeconds: 3,
        operations: [],
        percent: 100,
        times: 2,
      },
    });
    await objects.head(at('in/mug.jpg'));
    running.engine.faults.add({ id: 'f', effect: 'reset', operations: [], percent: 100, times: 3 });
    await objects.head(at('in/mug.jpg'));

    expect(pauses).toEqual([3100, 3200, 100, 200, 400]);
    expect(retries.slice(0, 3)).toEqual([
      `HEAD ${BUCKET}/in/mug.jpg status 503 1`,
      `HEAD ${BUCKET}/in/mug.jpg status 503 2`,
      `HEAD ${BUCKET}/in/mug.jpg ECONNRESET 1`,
    ]);
  });
});

describe('time', () => {
  test.for([HOUR_MS, -HOUR_MS])(
    'a clock that is %i ms wrong is set by the answer, once',
    async (wrong) => {
      const client = clientOf(running, { now: () => Date.now() + wrong });

      const page = await client.ci.findJobs(
        { id: 'x' as never },
        { source: at('in/mug.jpg'), tag: 'SegmentVideoBody' },
      );
      expect(page).toEqual([]);
      expect(await client.objects.head(at('in/mug.jpg'))).toMatchObject({ size: 5 });
      expect(statuses()).toHaveLength(3);
      expect(statuses().slice(1)).toEqual([200, 200]);
      expect(Math.abs(client.now() - Date.now())).toBeLessThan(5000);
    },
  );

  test('a clock is set again when it jumps', async () => {
    let wrong = 0;
    const { objects } = clientOf(running, { now: () => Date.now() + wrong });
    await objects.head(at('in/mug.jpg'));
    wrong = 2 * HOUR_MS;

    expect(await objects.head(at('in/mug.jpg'))).toMatchObject({ size: 5 });
    expect(statuses()).toEqual([200, 403, 200]);
  });
});

test('an answer that comes slowly says when it began, not when it ended', async () => {
  let passed = 0;
  const now = () => Date.now() + passed;
  const slow = createServer((_, response) => {
    response.writeHead(200).write('{');
    setTimeout(() => {
      passed = 60_000;
      response.end('}');
    }, 50);
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const { port } = slow.address() as AddressInfo;
  const client = clientOf(running, { now, endpoint: `http://127.0.0.1:${port}` });

  expect(await client.textsIn(at('')).get('a.json')).toBe('{}');
  expect(Math.abs(client.now() - now())).toBeLessThan(5000);
  slow.closeAllConnections();
  slow.close();
});

describe('keys', () => {
  test('are asked for at every request, so new ones count at once', async () => {
    const { identities } = running.engine;
    let keys = await identities.temporaryKey({ owner: true }, 1800);
    const { objects } = clientOf(running, { keys: () => keys });
    await objects.head(at('in/mug.jpg'));
    const signed = () => running.engine.requests.list(1)[0]?.signedBy;
    expect(signed()).toContain(keys.secretId);

    keys = await identities.temporaryKey({ owner: true }, 1800);
    await objects.head(at('in/mug.jpg'));
    expect(signed()).toContain(keys.secretId);
  });

  test('that have expired are a fault that the next invocation may heal', async () => {
    const short = await engineForTests();
    const keys = await short.engine.identities.temporaryKey({ owner: true }, 900);
    const texts = clientOf(short, { keys: () => keys }).textsIn(at(''));
    expect(await texts.get('none.json')).toBeUndefined();
    short.engine.clock.advance(HOUR_MS);

    expect(await faultOf(texts.get('none.json'))).toMatchObject({
      code: 'SIGNATURE_EXPIRED',
      retry: 'later',
    });
    await short.stop();
  });

  test('no part of them is in a fault or its log line', async () => {
    const keys = {
      secretId: 'AKIDsecretsecretsecret',
      secretKey: 'topsecret',
      token: 'tokentoken',
    };
    const { objects, textsIn, addresses } = clientOf(running, { keys: () => keys });
    const faults = [
      await faultOf(textsIn(at('')).get('in/mug.jpg')),
      await faultOf(textsIn(at('')).put('in/new.json', '{}')),
      await faultOf(objects.list(at(''), { prefix: '', cursor: '', limit: 1 })),
    ];

    for (const fault of faults) {
      const line = logLine('error', 'failed', { fault, cause: fault.cause, detail: fault.detail });
      expect(`${line} ${fault.stack} ${JSON.stringify(fault)}`).not.toMatch(
        /AKIDsecret|topsecret|tokentoken|q-signature/,
      );
    }
    const address = addresses.toRead(at('in/mug.jpg'), 60);
    expect(address).toContain('q-signature');
    expect(logLine('info', 'lent', { address })).not.toMatch(/AKIDsecret|q-signature|tokentoken/);
  });
});

describe('what answers', () => {
  /** Texts out of a server that does what no engine would do; how often it was asked. */
  async function answering(
    answer: (response: ServerResponse) => void,
    act: (texts: Texts) => Promise<void>,
  ): Promise<number> {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}`;
    const startedAt = Date.now();
    const leftMs = () => 500 - (Date.now() - startedAt);
    await act(clientOf(running, { endpoint, leftMs }).textsIn(at('')));
    server.closeAllConnections();
    server.close();
    return asked;
  }

  test('without end is cut off, and not asked for again', async () => {
    let closed = false;
    const asked = await answering(
      (response) => {
        const more = () => {
          closed = response.destroyed;
          if (closed || !response.write('x'.repeat(65_536))) response.once('drain', more);
          else setImmediate(more);
        };
        response.on('close', () => {
          closed = true;
        });
        more();
      },
      async (texts) => {
        const fault = await faultOf(texts.get('a.json'));
        expect(fault.message).toContain('more than 1048576 bytes');
        expect(fault.code).toBe('INPUT_TOO_LARGE');
      },
    );
    expect(asked).toBe(1);
    await expect.poll(() => closed).toBe(true);
  });

  test('drop by drop is waited for no longer than the invocation lives', async () => {
    await answering(
      (response) => {
        const drip = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(drip));
      },
      async (texts) => {
        expect(await faultOf(texts.get('a.json'))).toMatchObject({ code: 'COS_UNREACHABLE' });
      },
    );
  });

  test('a page that is not of the service is a fault with its status', async () => {
    const proxy = createServer((_, response) => {
      response.writeHead(418, { 'content-type': 'text/html' }).end('<html><p>blocked</html>');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const { objects } = clientOf(running, { endpoint: `http://127.0.0.1:${port}` });

    expect(await faultOf(objects.list(at(''), { prefix: '', cursor: '', limit: 1 }))).toMatchObject(
      {
        ...{ code: 'COS_REFUSED', detail: { status: 418 } },
      },
    );
    proxy.closeAllConnections();
    proxy.close();
  });
});
