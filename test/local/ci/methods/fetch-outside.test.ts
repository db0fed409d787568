import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchOutside } from '../../../../local/ci/methods/fetch-outside.ts';
import { OperationError } from '../../../../local/ci/operations-port.ts';

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer(({ url: path = '' }, response) => {
    if (path === '/mug.jpg') response.end('a mug');
    else if (path === '/moved') response.writeHead(302, { Location: '/mug.jpg' }).end();
    else if (path === '/round') response.writeHead(302, { Location: '/round' }).end();
    else response.writeHead(404).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

/** The bytes as text, or `InvalidImageSource`. */
async function inWords(address: string, { maxBytes = 100, allowPrivate = true } = {}) {
  try {
    return Buffer.from(await fetchOutside(allowPrivate)(address, maxBytes)).toString();
  } catch (thrown) {
    if (!(thrown instanceof OperationError)) throw thrown;
    return thrown.code;
  }
}

test('a picture comes from an address outside, also where that has moved', async () => {
  expect(await inWords(`${url}/mug.jpg`)).toBe('a mug');
  expect(await inWords(`${url}/moved`)).toBe('a mug');
});

test.for([
  ['it is not there', '/none.jpg'],
  ['it moves in circles', '/round'],
])('there is no picture when %s', async ([, path]) => {
  expect(await inWords(url + path)).toBe('InvalidImageSource');
});

test('there is no picture at private addresses, unless they are allowed', async () => {
  const answer = await inWords(`${url}/mug.jpg`, { allowPrivate: false });
  expect(answer).toBe('InvalidImageSource');
});

test('there is no picture in a bucket that the engine does not have, and nobody is asked', async () => {
  const address = 'http://other-1250000000.cos.ap-guangzhou.myqcloud.com/mug.jpg';
  await expect(fetchOutside(true)(address, 100)).rejects.toThrow('is none of the engine');
});

test('a picture has at most the bytes that were asked for', async () => {
  expect(await inWords(`${url}/mug.jpg`, { maxBytes: 5 })).toBe('a mug');
  expect(await inWords(`${url}/mug.jpg`, { maxBytes: 4 })).toBe('ImageTooLarge');
});
