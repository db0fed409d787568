import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answersIn, HOST, head, rawClient, sayTo, statusesIn, whole } from './raw-client.ts';
import { KEYS, startVictim, type Victim } from './victim.ts';

let victim: Victim;

beforeAll(async () => {
  victim = await startVictim({ patience: { idleMs: 400, keepAliveMs: 100, lingerMs: 200 } });
  expect(statusesIn(await sayTo(victim.port, whole('PUT', '/there', 'whole')))).toEqual([200]);
});
afterAll(() => victim.stop());

const chunked = (body: string, rawPath = '/half') =>
  head('PUT', rawPath, ['Transfer-Encoding: chunked']) + body;

test.for([
  ['a header of a megabyte', head('GET', '/there', [`x-a: ${'a'.repeat(1e6)}`]), 431],
  ['a path of a megabyte', `GET /${'a'.repeat(1e6)} HTTP/1.1\r\n\r\n`, 431],
  ['a hundred thousand parameters', head('GET', `/there?${'a&'.repeat(1e5)}`), 431],
  ['NUL in the path', 'GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['a control character in the path', 'GET /a\x01b HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nx-a: a\0b\r\n\r\n', 400],
  ['NUL in the name of a header', 'GET / HTTP/1.1\r\nHost: x\r\nx\0a: b\r\n\r\n', 400],
  ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n', 400],
  ['two lengths', head('PUT', '/half', ['Content-Length: 3', 'Content-Length: 4']), 400],
  ['a negative length', head('PUT', '/half', ['Content-Length: -1']), 400],
  ['a length that is none', head('PUT', '/half', ['Content-Length: 0x10']), 400],
  ['a length beyond all numbers', head('PUT', '/half', [`Content-Length: ${'9'.repeat(40)}`]), 400],
  [
    'both a length and chunks',
    head('PUT', '/half', ['Content-Length: 3', 'Transfer-Encoding: chunked']) +
      '3\r\nabc\r\n0\r\n\r\n',
    400,
  ],
  [
    'an encoding behind the chunks',
    `${head('PUT', '/half', ['Transfer-Encoding: chunked, gzip'])}3\r\nabc\r\n0\r\n\r\n`,
    400,
  ],
  ['a chunk without a size', chunked('zz\r\nabc\r\n0\r\n\r\n'), 400],
  ['a chunk that is longer than it said', chunked('3\r\nabcdef\r\n0\r\n\r\n'), 400],
  ['a chunk beyond all numbers', chunked(`${'f'.repeat(17)}\r\nabc`), 400],
  ['a huge extension of a chunk', chunked(`3;${'a'.repeat(1e6)}\r\nabc\r\n0\r\n\r\n`), 413],
  ['huge trailers', chunked(`3\r\nabc\r\n0\r\nx-a: ${'a'.repeat(1e6)}\r\n\r\n`), 431],
  ['another protocol', 'EHLO there\r\n\r\n', 400],
  ['nothing but noise', Buffer.alloc(100_000, 0x80), 400],
] as const)('%s is answered and cut', async ([, said, status]) => {
  expect(statusesIn(await sayTo(victim.port, said))).toEqual([status]);
  expect(statusesIn(await sayTo(victim.port, whole('HEAD', '/half')))).toEqual([404]);
});

test.for([
  ['HTTP/2 that nobody agreed on', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['TLS where none is spoken', Buffer.from('16030100050100000100', 'hex')],
  ['nothing at all', ''],
] as const)('%s is cut', async ([, said]) => {
  expect(statusesIn(await sayTo(victim.port, said)).filter((status) => status < 400)).toEqual([]);
});

test.for([
  ['GET /%zz HTTP/1.1', 400, 'InvalidURI'],
  ['GET /%c3%28 HTTP/1.1', 400, 'InvalidURI'],
  ['GET /%ed%a0%80 HTTP/1.1', 400, 'InvalidURI'],
  [`GET /${'%'.repeat(60_000)} HTTP/1.1`, 400, 'InvalidURI'],
  [`GET /${'a'.repeat(851)} HTTP/1.1`, 400, 'KeyTooLong'],
  [`GET /there?${'a&'.repeat(20_000)} HTTP/1.1`, 400, 'EntityTooLarge'],
  ['GET /there?a=%zz HTTP/1.1', 400, 'InvalidURI'],
  ['BREW / HTTP/1.1', 400, undefined],
  ['PROPFIND /there HTTP/1.1', 405, 'MethodNotAllowed'],
  ['TRACE /there HTTP/1.1', 405, 'MethodNotAllowed'],
] as const)('%s is refused by name', async ([line, status, code]) => {
  const [answer] = answersIn(
    await sayTo(
      victim.port,
      `${line}\r\nHost: x.cos.y.localhost\r\nConnection: close\r\n\r\n`.replace(
        'x.cos.y',
        'victim-1250000000.cos.ap-guangzhou',
      ),
    ),
  );
  expect(answer?.status).toBe(status);
  expect(/<Code>(.*)<\/Code>/.exec(answer?.body ?? '')?.[1]).toBe(code);
});

test.for([
  ['q-url-param-list', 'a;'.repeat(20_000)],
  ['q-header-list', 'host;'.repeat(8_000)],
])('a signature with a %s of tens of thousands is not even compared', async ([list, names]) => {
  const time = '1700000000;1900000000';
  const claimed = `q-sign-algorithm=sha1&q-ak=${KEYS.secretId}&q-sign-time=${time}&q-key-time=${time}&q-header-list=&q-url-param-list=&q-signature=a`;
  const query = claimed.replace(`${list}=`, `${list}=${names}`);
  const lines = [`Host: ${HOST}`, 'Connection: close', '\r\n'];
  for (const said of [
    [`GET /there?${query} HTTP/1.1`, ...lines],
    ['GET /there HTTP/1.1', `Authorization: ${query}`, ...lines],
  ]) {
    const heard = await sayTo(victim.port, said.join('\r\n'));
    expect(statusesIn(heard)).toEqual([403]);
    expect(heard).toContain('A list of what is signed is longer than 4096');
  }
});

test('a body that breaks off stores nothing', async () => {
  for (const size of [10, 1_000_000]) {
    const client = await rawClient(victim.port);
    client.say(`${head('PUT', '/short', [`Content-Length: ${size}`])}abc`);
    client.socket.end();
    await client.heard;
    expect(statusesIn(await sayTo(victim.port, whole('HEAD', '/short')))).toEqual([404]);
  }
});

test('what follows a body is not part of it, and does not spoil its answer', async () => {
  const said = `${head('PUT', '/long', ['Content-Length: 5'])}hello and more\r\n\r\n`;
  expect(statusesIn(await sayTo(victim.port, said))).toEqual([200, 400]);
  const [object] = answersIn(await sayTo(victim.port, whole('GET', '/long')));
  expect(object?.body).toBe('hello');
});

test('noise behind a request waits until that was answered, however much of it there is', async () => {
  const client = await rawClient(victim.port);
  client.say(head('GET', '/there', ['x-darkroom-fault: slow=300']));
  for (let times = 0; times < 20; times++) {
    client.say(Buffer.alloc(100_000, 0x80));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const [answer] = answersIn(await client.heard);
  expect({ status: answer?.status, body: answer?.body }).toEqual({ status: 200, body: 'whole' });
});

test('requests in one piece are carried out one after the other', async () => {
  const bodies = Array.from({ length: 40 }, (_, number) => `number ${number}`);
  const said = bodies.map(
    (body) =>
      head('PUT', '/turns', [`Content-Length: ${body.length}`]) + body + head('GET', '/turns'),
  );
  const answers = answersIn(await sayTo(victim.port, said.join('') + whole('DELETE', '/turns')));
  expect(answers.map(({ status }) => status)).toEqual([...bodies.flatMap(() => [200, 200]), 204]);
  expect(answers.map(({ body }) => body).filter((body) => body !== '')).toEqual(bodies);
});

test('a refused upload is answered although nobody reads its body', async () => {
  const refused = `PUT /no HTTP/1.1\r\nHost: ${'nobody-1250000000.cos.ap-guangzhou.localhost'}\r\n`;
  const said = `${refused}Content-Length: 3000000\r\n\r\n`;
  const client = await rawClient(victim.port);
  client.say(said);
  client.say(Buffer.alloc(3_000_000));
  // The connection goes on where the body ends.
  client.say(whole('GET', '/there'));
  expect(statusesIn(await client.heard)).toEqual([404, 200]);
});

test('whoever asks before sending a body is told at once, and is not waited for', async () => {
  const asks = ['Expect: 100-continue', 'Content-Length: 5'];
  const refused = await rawClient(victim.port);
  refused.say(head('PUT', '/there?acl&uploads', asks).replace(KEYS.secretId, 'nobody'));
  expect(statusesIn(await refused.heard)).toEqual([403]);

  const taken = await rawClient(victim.port);
  taken.say(head('PUT', '/asked', [...asks, 'Connection: close']));
  await once(taken.socket, 'data');
  taken.say('12345');
  expect(statusesIn(await taken.heard)).toEqual([100, 200]);
});
