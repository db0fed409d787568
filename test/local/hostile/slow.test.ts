import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEngine } from '../../../local/engine/engine.ts';
import { byteFiles } from '../cos/storage/helpers.ts';
import { bystander } from './bystander.ts';
import { head, type RawClient, rawClient, sayTo, statusesIn, whole } from './raw-client.ts';
import { BUCKET, KEYS, startVictim, type Victim } from './victim.ts';

const SLOW_MS = 400;
const patience = {
  headersMs: SLOW_MS,
  idleMs: SLOW_MS,
  keepAliveMs: 5_000,
  answerMs: 4 * SLOW_MS,
  slowBodyMs: SLOW_MS,
  lingerMs: SLOW_MS,
};
const LARGE = Buffer.alloc(20_000_000, 'large');
let victim: Victim;

beforeAll(async () => {
  victim = await startVictim({ patience });
  const said = head('PUT', '/large', [`Content-Length: ${LARGE.length}`, 'Connection: close']);
  expect(statusesIn(await sayTo(victim.port, said, LARGE))).toEqual([200]);
  expect(statusesIn(await sayTo(victim.port, whole('PUT', '/there', 'there')))).toEqual([200]);
});
afterAll(() => victim.stop());

/** Says something again and again, as long as somebody listens. */
async function goOn({ say, socket }: RawClient, bytes: string | Buffer, everyMs: number) {
  while (!socket.destroyed && socket.writable) {
    say(bytes);
    await setTimeout(everyMs);
  }
}

test.concurrent.for([
  ['headers that never end', 'GET / HTTP/1.1\r\n', 'x-a: b\r\n', [408]],
  ['a request line that never ends', 'GET /', 'a', [408]],
  ['a body of a byte now and then', head('PUT', '/slow', ['Content-Length: 5000']), 'a', []],
  [
    'chunks of a byte now and then',
    head('PUT', '/slow', ['Transfer-Encoding: chunked']),
    '1\r\na\r\n',
    [],
  ],
  ['a document of a byte now and then', head('PUT', '/?cors', ['Content-Length: 5000']), '<', []],
] as const)(
  '%s is cut off, and others are served meanwhile',
  async ([, first, more, statuses], { expect }) => {
    const other = bystander(victim.port, '/there');
    const clients = await Promise.all(Array.from({ length: 20 }, () => rawClient(victim.port)));
    for (const client of clients) client.say(first);
    for (const client of clients) void goOn(client, more, 20);
    for (const { heard } of clients) expect(statusesIn(await heard)).toEqual(statuses);
    const { served, refused } = await other.ends();
    expect({ refused, served: served > 0 }).toEqual({ refused: 0, served: true });
    expect(statusesIn(await sayTo(victim.port, whole('HEAD', '/slow')))).toEqual([404]);
  },
);

test.concurrent('a body that gets on may take its time', async () => {
  const client = await rawClient(victim.port);
  const pieces = 20;
  client.say(head('PUT', '/steady', [`Content-Length: ${pieces * 2000}`, 'Connection: close']));
  for (let piece = 0; piece < pieces; piece++) {
    await setTimeout(SLOW_MS / 10);
    client.say('a'.repeat(2000));
  }
  expect(statusesIn(await client.heard)).toEqual([200]);
});

test.concurrent.for([
  ['a refused upload', 'PUT /no HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n', 403],
  [
    'an upload to no bucket',
    'PUT http://no-1250000000.cos.x.localhost/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n',
    404,
  ],
  ['a document', head('PUT', '/?cors', ['Transfer-Encoding: chunked']), 400],
  ['a body that nobody asked for', head('GET', '/there', ['Transfer-Encoding: chunked']), 200],
] as const)('%s without end is answered, and cut', async ([, said, status]) => {
  const client = await rawClient(victim.port);
  client.say(said);
  void goOn(client, `10000\r\n${'a'.repeat(65_536)}\r\n`, 1);
  expect(statusesIn(await client.heard)).toEqual([status]);
});

test.concurrent('whoever asks for much and does not read it is cut', async () => {
  const client = await rawClient(victim.port);
  client.socket.pause();
  client.say(whole('GET', '/large'));
  await setTimeout(3 * SLOW_MS);
  client.socket.resume();
  expect((await client.heard).length).toBeLessThan(LARGE.length);
});

test.concurrent('whoever waits for us may wait, but not for ever', async ({ expect }) => {
  const waits = (ms: number) => whole('GET', '/there', '', [`x-darkroom-fault: slow=${ms}`]);
  const [soon, never] = await Promise.all([
    sayTo(victim.port, waits(2.5 * SLOW_MS)),
    sayTo(victim.port, waits(1000 * SLOW_MS)),
  ]);
  expect(statusesIn(soon)).toEqual([200]);
  expect(never).toBe('');
});

test.concurrent('a tunnel in which nothing is said is cut', async () => {
  const connect = 'CONNECT a-1250000000.cos.ap-guangzhou.myqcloud.com:443 HTTP/1.1\r\n\r\n';
  expect(statusesIn(await sayTo(victim.port, connect))).toEqual([200]);
  const hello = Buffer.from('1603010200', 'hex');
  expect(await sayTo(victim.port, connect, hello)).toMatch(/^HTTP\/1.1 200 .*\r\n\r\n$/);
});

test.concurrent('there is no tunnel inside of a tunnel', async () => {
  const connect = 'CONNECT a-1250000000.cos.ap-guangzhou.myqcloud.com:80 HTTP/1.1\r\n\r\n';
  const client = await rawClient(victim.port);
  client.say(connect);
  await setTimeout(20);
  client.say(head('GET', '/there'));
  await setTimeout(20);
  client.say(connect);
  expect(statusesIn(await client.heard)).toEqual([200, 200, 502]);

  const both = head('GET', '/large') + connect;
  expect((await sayTo(victim.port, both)).length).toBeLessThan(LARGE.length);
});

test.concurrent('an engine that stops waits for nobody for long', async ({ expect }) => {
  const engine = await startEngine({
    ...{ port: 0, buckets: [BUCKET], credentials: KEYS },
    patience: { closeMs: SLOW_MS },
  });
  const [half, waits] = await Promise.all([rawClient(engine.port), rawClient(engine.port)]);
  half.say(`${head('PUT', '/half', ['Content-Length: 10'])}12345`);
  waits.say(whole('GET', '/there', '', ['x-darkroom-fault: slow=600000']));
  await setTimeout(20);
  await engine.stop();
  expect(await half.heard).toBe('');
  expect(await waits.heard).toBe('');
});

test('nothing is left of what was cut', async () => {
  const objects = byteFiles(join(victim.parent, 'data'));
  expect(objects.length).toBe(3);
});
