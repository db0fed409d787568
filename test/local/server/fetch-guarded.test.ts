import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Fetched,
  type GuardedRequest,
  guardedFetch,
} from '../../../local/server/fetch-guarded.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
});

/** Where a server on this machine listens, and how often somebody came. */
async function listening(server: Server) {
  let connections = 0;
  server.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, connections: () => connections };
}

const serving = (answer: RequestListener) => listening(createServer(answer));

const limits = { maxBytes: 1_000, timeoutMs: 5_000, allowPrivate: true };
const fetchFrom = (url: string, more: Partial<GuardedRequest> = {}) =>
  guardedFetch({ ...limits, url, ...more });

/** `answered 200 hello`, `refused …`: short enough for a table. */
function inWords(fetched: Fetched): string {
  if (fetched.outcome !== 'answered') return `${fetched.outcome}: ${fetched.message}`;
  const text = Buffer.from(fetched.bytes).toString();
  return `${fetched.status} ${text}${fetched.whole ? '' : '…'}`;
}

describe('what is asked', () => {
  test('gets the method, the headers and the body, and its answer is heard', async () => {
    const { url } = await serving(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { method, url: path, headers } = request;
      response.writeHead(201, { 'X-Said': 'so' });
      response.end(`${method} ${path} ${headers['content-length']} ${headers['x-a']} ${body}`);
    });
    const fetched = await fetchFrom(`${url}/a?b=c`, {
      method: 'POST',
      headers: { 'X-A': 'z' },
      body: 'ü',
    });
    expect(inWords(fetched)).toBe('201 POST /a?b=c 2 z ü');
    expect(fetched).toMatchObject({ headers: { 'x-said': 'so' } });
  });

  test('is read as far as was said, and not further', async () => {
    const { url } = await serving((_, response) => {
      const more = () => response.write('0123456789') && setImmediate(more);
      response.on('drain', more).on('error', () => {});
      more();
    });
    expect(inWords(await fetchFrom(url, { maxBytes: 25 }))).toBe('200 0123456789012345678901234…');
  });

  test('may answer with just as much as was said', async () => {
    const { url } = await serving((_, response) => response.end('01234'));
    expect(inWords(await fetchFrom(url, { maxBytes: 5 }))).toBe('200 01234');
  });
});

describe('who does not answer', () => {
  test('is not waited for, whether before its answer or within', async () => {
    const silent = await serving(() => {});
    const half = await serving((_, response) => response.writeHead(200).write('half'));
    for (const { url, port } of [silent, half]) {
      const fetched = await fetchFrom(url, { timeoutMs: 100 });
      expect(inWords(fetched)).toBe(`failed: 127.0.0.1:${port} took longer than 100 ms`);
    }
  });

  test('has failed when it closes the connection, before its answer or within', async () => {
    const cutting = (answered: boolean): RequestListener => {
      return ({ socket }, response) => {
        if (answered) response.writeHead(200, { 'Content-Length': '9' }).write('some');
        setImmediate(() => socket.resetAndDestroy());
      };
    };
    for (const answered of [true, false]) {
      const { url, port } = await serving(cutting(answered));
      expect(inWords(await fetchFrom(url))).toMatch(`failed: 127.0.0.1:${port} did not answer: `);
    }
  });

  test('has failed when nothing listens there, and when its name is nobody', async () => {
    const { url } = await serving(() => {});
    servers[0]?.close();
    expect(inWords(await fetchFrom(url))).toMatch(/^failed: .*ECONNREFUSED/);
    const nobody = fetchFrom('http://a.example/', { resolve: async () => [] });
    expect(inWords(await nobody)).toBe(
      'failed: a.example did not answer: a.example has no address',
    );
  });

  test.for([
    ['speaks another protocol', 'HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'],
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['gives two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi'],
    ['has endless headers', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(1_000_000)}\r\n\r\n`],
    ['breaks its chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['says nothing', ''],
  ] as const)('has failed when it %s', async ([, words]) => {
    const talker = createTcpServer((socket) => {
      socket.on('error', () => {}).once('data', () => socket.end(words));
    });
    const { url } = await listening(talker);
    expect(inWords(await fetchFrom(url))).toMatch(/^failed: .* did not answer: /);
  });

  test('is left when whoever asked does not want it any more', async () => {
    const { url } = await serving(() => leaving.abort());
    const leaving = new AbortController();
    expect(inWords(await fetchFrom(url, { signal: leaving.signal }))).toMatch(/^failed: .*abort/);
  });
});

describe('private addresses', () => {
  test.for([
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.0.0.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://①②⑦.0.0.1:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://0.0.0.0:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[::1]:PORT/',
    'http://localhost:PORT/',
    'http://LOCALHOST.:PORT/',
  ])('are refused before anything is connected, written %s', async (template) => {
    const { port, connections } = await serving((_, response) => response.end());
    const fetched = await fetchFrom(template.replace('PORT', String(port)), {
      allowPrivate: false,
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    expect(inWords(fetched)).toMatch(
      /^refused: .* is not on the public network, and --allow-private-fetch was not given$/,
    );
    expect(connections()).toBe(0);
  });

  test('are refused however this machine knows their name', async () => {
    const { port, connections } = await serving((_, response) => response.end());
    const fetched = await fetchFrom(`http://localhost:${port}/`, { allowPrivate: false });
    expect(fetched.outcome).toBe('refused');
    expect(connections()).toBe(0);
  });

  test('are refused when a name has a public one as well', async () => {
    const { port, connections } = await serving((_, response) => response.end());
    const fetched = await fetchFrom(`http://both.example:${port}/`, {
      allowPrivate: false,
      resolve: async () => [
        { address: '203.0.112.1', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    });
    expect(inWords(fetched)).toMatch(/^refused: both\.example is not on the public network/);
    expect(connections()).toBe(0);
  });

  test('do not take the place of a public one between the check and the connection', async () => {
    const { port, connections } = await serving((_, response) => response.end('secret'));
    let asked = 0;
    const fetched = await fetchFrom(`http://rebinding.example:${port}/`, {
      allowPrivate: false,
      isSpecial: (address) => address !== '127.0.0.2',
      // Nothing listens at the public one; asked again, the name would be private.
      resolve: async () => [
        asked++ === 0 ? { address: '127.0.0.2', family: 4 } : { address: '127.0.0.1', family: 4 },
      ],
    });
    expect(asked).toBe(1);
    expect(fetched.outcome).toBe('failed');
    expect(connections()).toBe(0);
  });

  test('are reached where that is allowed, by name as well', async () => {
    const { port } = await serving((_, response) => response.end('here'));
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    expect(inWords(await fetchFrom(`http://inside.example:${port}/`, { resolve }))).toBe(
      '200 here',
    );
  });
});

test('a connection that was allowed is not lent to who may not have it', async () => {
  const { port } = await serving((_, response) => response.end('here'));
  const url = `http://inside.example:${port}/`;
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  expect(inWords(await fetchFrom(url, { resolve }))).toBe('200 here');
  const fetched = await fetchFrom(url, { resolve, allowPrivate: false });
  expect(fetched.outcome).toBe('refused');
});

describe('redirects', () => {
  test('are answers like any other unless they are followed', async () => {
    const { url } = await serving((_, response) => {
      response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end();
    });
    expect(inWords(await fetchFrom(url))).toBe('302 ');
    const posted = await fetchFrom(url, { method: 'POST', redirects: 3 });
    expect(inWords(posted)).toBe('302 ');
  });

  test('are followed as often as was said', async () => {
    const { url } = await serving(({ url: path = '' }, response) => {
      const left = Number(path.slice(1));
      if (left === 0) response.end('arrived');
      else response.writeHead(307, { Location: `/${left - 1}` }).end();
    });
    expect(inWords(await fetchFrom(`${url}/3`, { redirects: 3 }))).toBe('200 arrived');
    expect(inWords(await fetchFrom(`${url}/4`, { redirects: 3 }))).toBe('307 ');
  });

  test.for([
    ['http://127.0.0.2:1/', /is not on the public network/],
    ['http://metadata.example/', /is not on the public network/],
    ['//169.254.169.254/latest', /is not on the public network/],
    ['file:///etc/passwd', /^refused: file: addresses/],
    ['http://u:p@outside.example/', /with a password/],
    ['http://inside.example/', /^refused: inside\.example is none of the engine's/],
    ['http://[', /cannot be read/],
  ] as const)('to %s are refused', async ([location, why]) => {
    const { port } = await serving((_, response) => {
      response.writeHead(302, { Location: location }).end();
    });
    const fetched = await fetchFrom(`http://first.example:${port}/`, {
      allowPrivate: false,
      redirects: 1,
      isInside: (host) => host === 'inside.example',
      resolve: async (host) => [
        { address: host === 'first.example' ? '127.0.0.1' : '127.0.0.2', family: 4 },
      ],
      // A server on this machine is as if public, so that it can redirect to what is not.
      isSpecial: (address) => address !== '127.0.0.1',
    });
    expect(inWords(fetched)).toMatch(why);
  });
});

test.for([
  ['of another kind', 'gopher://a.example/', 'refused: gopher: addresses are not fetched'],
  ['of a file', 'file:///etc/passwd', 'refused: file: addresses are not fetched'],
  ['with a user', 'http://user@a.example/', 'refused: An address with a password is not fetched'],
  ['that is none', 'not an address', 'refused: The address cannot be read'],
  ['with impossible numbers', 'http://999.1.1.1/', 'refused: The address cannot be read'],
  ['of 10 MB', `http://a.example/${'a'.repeat(10_000_000)}`, 'refused: The address cannot be read'],
] as const)('an address %s is refused', async ([, url, words]) => {
  const resolve = () => Promise.reject(new Error('nobody is asked'));
  expect(inWords(await fetchFrom(url, { resolve }))).toBe(words);
});

test('an address with odd characters is asked for with what stands for them', async () => {
  const { url } = await serving(({ url: path }, response) => response.end(path));
  expect(inWords(await fetchFrom(`${url}/\u0000\ud800 ü`))).toBe('200 /%00%EF%BF%BD%20%C3%BC');
});
