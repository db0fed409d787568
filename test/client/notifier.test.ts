import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';

import { openNotifier } from '../../shared/client/notifier.ts';

const SECRET = 'a secret of more than thirty-two characters';
const NOW = Date.parse('2026-01-31T12:00:00.900Z');
/** As long as keys and rules can make it, and with half a character in it. */
const notice = {
  id: `in/ü\ud800${'x'.repeat(20_000)}.jpg@e1 | cut.done`,
  body: '{"type":"step.done","ü":1}',
};

async function posted(listener: RequestListener, leftMs = 5000): Promise<number | undefined> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const notifier = openNotifier({ secret: SECRET, leftMs: () => leftMs, now: () => NOW });
  try {
    return await notifier.post(`http://127.0.0.1:${port}/hook`, notice);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

test('a notice comes as it is, with its id, and signed with the time', async () => {
  let came: { headers: IncomingMessage['headers']; body: string } | undefined;
  const status = await posted(async (request, response) => {
    came = { headers: request.headers, body: await bodyOf(request) };
    response.writeHead(202).end();
  });

  expect(status).toBe(202);
  expect(came?.body).toBe(notice.body);
  const seconds = Math.floor(NOW / 1000);
  const expected = createHmac('sha256', SECRET).update(`${seconds}.${notice.body}`).digest('hex');
  expect(came?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-darkroom-id': createHash('sha256').update(notice.id).digest('hex'),
    'x-darkroom-timestamp': String(seconds),
    'x-darkroom-signature': `sha256=${expected}`,
  });
});

test('where an answer points elsewhere is not followed', async () => {
  const paths: (string | undefined)[] = [];
  const status = await posted((request, response) => {
    paths.push(request.url);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });

  expect(status).toBe(307);
  expect(paths).toEqual(['/hook']);
});

test('of an answer without end only the status is waited for', async () => {
  const status = await posted((_, response) => {
    response.writeHead(200);
    response.write('x');
  });

  expect(status).toBe(200);
});

test.for([
  ['resets', (request: IncomingMessage) => request.socket.destroy()],
  ['never answers', () => {}],
] as const)('whoever %s has no status', async ([, listener]) => {
  expect(await posted(listener, 200)).toBeUndefined();
});

test('what is no address, and nobody there, have no status either', async () => {
  const notifier = openNotifier({ leftMs: () => 1000, now: () => NOW });

  expect(await notifier.post('no address', notice)).toBeUndefined();
  expect(await notifier.post('http://127.0.0.1:1/', notice)).toBeUndefined();
});
