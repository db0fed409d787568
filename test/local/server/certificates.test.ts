import { once } from 'node:events';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type CertificateAuthority,
  certificateFor,
  makeAuthority,
  stillValid,
} from '../../../local/server/certificates.ts';

let authority: CertificateAuthority;
const server = createServer({
  SNICallback: (name, done) => done(null, createSecureContext(certificateFor([name], authority))),
});

beforeAll(async () => {
  authority = makeAuthority();
  server.on('request', (_, response) => response.end('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

async function get(servername: string, ca: string | undefined) {
  const { port } = server.address() as AddressInfo;
  const sent = request({
    host: '127.0.0.1',
    port,
    servername,
    ...(ca ? { ca } : {}),
    agent: false,
  });
  sent.end();
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}

test('a client that trusts the authority talks TLS to any name', async () => {
  expect(await get('shop-1250000000.ci.ap-guangzhou.myqcloud.com', authority.certificate)).toBe(
    200,
  );
  expect(await get('localhost', authority.certificate)).toBe(200);
});

test('a client that does not trust the authority refuses', async () => {
  await expect(get('localhost', undefined)).rejects.toThrow(/self.signed|unable to (verify|get)/i);
});

test('an authority is used as long as what it signs stays valid', () => {
  expect(stillValid(authority, Date.now())).toBe(true);
  expect(stillValid(authority, Date.now() + 3_400 * 86_400_000)).toBe(false);
});
