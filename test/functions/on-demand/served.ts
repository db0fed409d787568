import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Desk } from './desk.ts';

/** The function behind an address of its own, as the platform puts it there. */
export async function served(
  desk: () => Desk,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const { method, url = '', headers } = request;
    const [path = '', search = ''] = url.split('?');
    const reply = await desk().askWith({
      httpMethod: method,
      path,
      queryString: Object.fromEntries(new URLSearchParams(search)),
      headers,
      body: await text(request),
    });
    response.writeHead(reply.statusCode, { ...reply.headers });
    response.end(reply.body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
