import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net';
import {
  createSecureContext,
  createServer as createSecureServer,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { ServerCertificate } from './certificates.ts';
import { Connections } from './connections.ts';
import { listenOnAll, THIS_MACHINE } from './listen-on-all.ts';
import { PATIENCE, type Patience } from './patience.ts';
import { NO_WAY_OUT, refusalOf } from './refusal.ts';

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
  readonly patience?: Partial<Patience> | undefined;
}

export interface Listening {
  readonly port: number;
  readonly tlsPort: number | undefined;
  /** One more port on this machine: what comes there counts as sent to `host`. */
  open(host: string, port: number): Promise<OpenPort>;
  /** Takes no more connections, lets answers under way end for a moment, then cuts them. */
  close(): Promise<void>;
}

/** A port that stands for one name. */
export interface OpenPort {
  readonly port: number;
  close(): void;
}

const LIMITS = {
  /** Bodies may take as long as they get on. */
  requestTimeout: 0,
  maxHeaderSize: 64 * 1024,
  requireHostHeader: false,
  noDelay: true,
};
/** TLS contexts kept ready. */
const MAX_CONTEXTS = 200;
/** The first byte of a TLS connection. */
const TLS_HANDSHAKE = 0x16;
/** How often connections are looked at. */
const LOOK_MS = 5_000;
const LOOK_WHEN_CLOSING_MS = 20;

export async function listen(options: ListenOptions): Promise<Listening> {
  const patience = { ...PATIENCE, ...options.patience };
  const lookMs = Math.min(LOOK_MS, ...Object.values(patience).map((ms) => Math.ceil(ms / 4)));
  const connections = new Connections(patience);
  /** Connections that came through a tunnel; there is none inside of another. */
  const tunnelled = new WeakSet<Socket>();
  const contextFor = contextsBy(options.certificateFor);
  /** Connections to ports that stand for a name. */
  const meant = new WeakMap<Socket, string>();
  let servers: readonly NetServer[] = [];
  let tlsOfTunnels: NetServer | undefined;

  function http(): Server {
    const server = createServer({
      ...LIMITS,
      headersTimeout: patience.headersMs,
      keepAliveTimeout: patience.keepAliveMs,
      connectionsCheckingInterval: lookMs,
    });
    const take = (continueFirst: boolean) => (request: IncomingMessage, response: ServerResponse) =>
      connections.take(request, response, () => {
        const host = meant.get(request.socket);
        if (host !== undefined) request.headers.host = host;
        options.answer(request, response, continueFirst);
      });
    server.setTimeout(patience.idleMs, (socket: Socket) => {
      if (connections.mayWait(socket)) socket.setTimeout(patience.idleMs);
      else socket.destroy();
    });
    server.on('connection', (socket) => connections.add(socket));
    server.on('request', take(false));
    server.on('checkContinue', take(true));
    server.on('connect', (request, socket, head) => tunnel(request, socket as Socket, head));
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
      else connections.refuse(socket as Socket, refusalOf(error));
    });
    return server;
  }

  /** A connection that came another way is one of the first listener's: that one minds the time. */
  function serve(socket: Socket): void {
    servers[0]?.emit('connection', socket);
  }

  /** Speaks TLS, and hands on what is said. */
  function secure(heard: (socket: TLSSocket) => void): NetServer {
    const server = createSecureServer({
      // For clients that name no server, because they were given an address.
      ...options.certificateFor(['localhost', ...THIS_MACHINE]),
      SNICallback: (name, done) => done(null, contextFor(name)),
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: patience.headersMs,
      noDelay: true,
    });
    server.on('connection', (socket: Socket) => {
      connections.add(socket);
      connections.lend(socket);
    });
    server.on('secureConnection', heard);
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }

  /** HTTPS through a proxy: the tunnel ends here, or nowhere, so that nothing leaves the machine. */
  function tunnel(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    socket.setTimeout(patience.headersMs, () => socket.destroy());
    // Nobody asks for a tunnel before an answer came, and what is said in it would mix with that.
    if (connections.isBusy(socket)) {
      socket.destroy();
      return;
    }
    const host = (request.url ?? '').replace(/:\d+$/, '');
    if (!options.isOurs(host) || tunnelled.has(socket)) {
      socket.end(NO_WAY_OUT);
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    const begin = (first: Buffer) => {
      socket.setTimeout(0);
      socket.pause();
      socket.unshift(first);
      tunnelled.add(socket);
      if (first[0] !== TLS_HANDSHAKE) {
        serve(socket);
        socket.resume();
        return;
      }
      // Made when the first client wants it: most never do.
      tlsOfTunnels ??= secure((inside) => {
        tunnelled.add(inside);
        serve(inside);
      });
      tlsOfTunnels.emit('connection', socket);
    };
    if (head.length > 0) begin(head);
    else socket.once('data', begin);
  }

  async function open(host: string, wanted: number): Promise<OpenPort> {
    const standIn = () =>
      createNetServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
        meant.set(socket, host);
        serve(socket);
      });
    const { servers: opened, port } = await listenOnAll(standIn, THIS_MACHINE, wanted);
    servers = [...servers, ...opened];
    return {
      port,
      close() {
        servers = servers.filter((server) => !opened.includes(server));
        for (const server of opened) server.close();
      },
    };
  }

  const look = setInterval(() => connections.sweep(performance.now()), lookMs);
  look.unref();
  const close = () => {
    clearInterval(look);
    return closeAll(servers, connections, patience.closeMs);
  };

  try {
    const plain = await listenOnAll(http, options.hosts, options.port);
    servers = plain.servers;
    if (options.tlsPort === undefined) return { port: plain.port, tlsPort: undefined, open, close };
    const tls = await listenOnAll(() => secure(serve), options.hosts, options.tlsPort);
    servers = [...servers, ...tls.servers];
    return { port: plain.port, tlsPort: tls.port, open, close };
  } catch (thrown) {
    await close();
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

async function closeAll(
  servers: readonly NetServer[],
  connections: Connections,
  closeMs: number,
): Promise<void> {
  const closed = servers.map(
    (server) =>
      new Promise<void>((resolve) =>
        server.listening ? server.close(() => resolve()) : resolve(),
      ),
  );
  connections.close();
  const look = setInterval(() => connections.closeIdle(), LOOK_WHEN_CLOSING_MS);
  const cut = setTimeout(() => connections.cutAll(), closeMs);
  await Promise.all(closed);
  clearInterval(look);
  clearTimeout(cut);
}
