import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext } from 'node:tls';
import { Fault } from '../../shared/core/fault.ts';
import type { ServerCertificate } from './certificates.ts';

export interface ListenOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly tlsPort: number | undefined;
  /** Addresses to listen on; this machine's own unless somebody asks for more. */
  readonly hosts: readonly string[];
  certificateFor(names: readonly string[]): ServerCertificate;
  /** Whether a tunnel to this host ends here; to any other there is none. */
  isOurs(host: string): boolean;
  answer(request: IncomingMessage, response: ServerResponse, continueFirst: boolean): void;
}

export interface Listening {
  readonly port: number;
  readonly tlsPort: number | undefined;
  /** Takes no more connections, lets answers under way end for a moment, then cuts them. */
  close(): Promise<void>;
}

const LIMITS = {
  /** A client that does not finish its headers in this time is cut off. */
  headersTimeout: 20_000,
  /** Bodies may take as long as they move; see the socket timeout. */
  requestTimeout: 0,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 64 * 1024,
  requireHostHeader: false,
  noDelay: true,
};
const IDLE_SOCKET_MS = 60_000;
const CLOSE_GRACE_MS = 2_000;
/** TLS contexts kept ready. */
const MAX_CONTEXTS = 200;
/** The first byte of a TLS connection. */
const TLS_HANDSHAKE = 0x16;

export const THIS_MACHINE = ['127.0.0.1', '::1'];

export async function listen(options: ListenOptions): Promise<Listening> {
  const servers: Server[] = [];
  const contextFor = contextsBy(options.certificateFor);
  let secureServer: Server | undefined;

  /** Made when the first client wants TLS: most never do. */
  function secure(): Server {
    secureServer ??= prepare(
      createSecureServer({
        ...LIMITS,
        // For clients that name no server, because they were given an address.
        ...options.certificateFor(['localhost', ...THIS_MACHINE]),
        SNICallback: (name, done) => done(null, contextFor(name)),
      }),
    );
    return secureServer;
  }

  function prepare(server: Server): Server {
    server.setTimeout(IDLE_SOCKET_MS, (socket) => socket.destroy());
    server.on('request', (request, response) => options.answer(request, response, false));
    server.on('checkContinue', (request, response) => options.answer(request, response, true));
    server.on('connect', (request, socket, head) => tunnel(request, socket as Socket, head));
    server.on('clientError', refuse);
    return server;
  }

  /** HTTPS through a proxy: the tunnel ends here, or nowhere, so that nothing leaves the machine. */
  function tunnel(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const host = (request.url ?? '').replace(/:\d+$/, '');
    if (!options.isOurs(host)) {
      socket.end(
        'HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n' +
          'The Darkroom engine is a proxy to itself alone: nothing leaves this machine.\n',
      );
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    const begin = (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? secure() : (servers[0] as Server)).emit('connection', socket);
    };
    if (head.length > 0) begin(head);
    else socket.once('data', begin);
  }

  try {
    const port = await listenOnAll(() => prepare(createServer(LIMITS)), options, servers);
    let tlsPort: number | undefined;
    if (options.tlsPort !== undefined) {
      servers.push(secure());
      tlsPort = await listenOn(secure(), options.hosts[0] as string, options.tlsPort);
    }
    return {
      port,
      tlsPort,
      close: () => closeAll(secureServer ? [...servers, secureServer] : servers),
    };
  } catch (thrown) {
    await closeAll(servers);
    throw thrown;
  }
}

/** Contexts for server names, made when first asked for; a program talks to a handful of names. */
function contextsBy(certificateFor: ListenOptions['certificateFor']) {
  const contexts = new Map<string, SecureContext>();
  return (serverName: string): SecureContext => {
    const known = contexts.get(serverName);
    if (known) return known;
    const made = createSecureContext(certificateFor([serverName]));
    if (contexts.size >= MAX_CONTEXTS) contexts.delete(contexts.keys().next().value ?? '');
    contexts.set(serverName, made);
    return made;
  };
}

/** The same port on every address. One that this machine does not have is left out, but for the first. */
async function listenOnAll(
  make: () => Server,
  { hosts, port }: ListenOptions,
  servers: Server[],
): Promise<number> {
  let chosen = port;
  for (const [index, host] of hosts.entries()) {
    const server = make();
    try {
      chosen = await listenOn(server, host, chosen);
      servers.push(server);
    } catch (thrown) {
      const missing = thrown instanceof Fault && thrown.detail['system'] !== 'EADDRINUSE';
      if (index === 0 || !missing) throw thrown;
    }
  }
  return chosen;
}

async function listenOn(server: Server, host: string, port: number): Promise<number> {
  server.listen({ host, port, ipv6Only: host.includes(':') });
  try {
    await once(server, 'listening');
  } catch (cause) {
    const system = (cause as NodeJS.ErrnoException).code ?? '';
    const why = system === 'EADDRINUSE' ? 'something else listens there already' : system;
    throw new Fault('PORT_UNAVAILABLE', `Cannot listen on ${host} port ${port}: ${why}`, {
      detail: { host, port, system },
      hint: 'Choose another with --port, or 0 for any free one.',
      cause,
    });
  }
  return (server.address() as AddressInfo).port;
}

/** What is not HTTP, or more of it than is read, is answered if it can be, and cut. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  const closed = servers.map(
    (server) =>
      new Promise<void>((resolve) =>
        server.listening ? server.close(() => resolve()) : resolve(),
      ),
  );
  for (const server of servers) server.closeIdleConnections();
  const cut = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, CLOSE_GRACE_MS);
  await Promise.all(closed);
  clearTimeout(cut);
}
