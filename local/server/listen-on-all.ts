import { once } from 'node:events';
import type { Server } from 'node:net';
import { Fault } from '../../shared/core/fault.ts';

/** For a port that is free on every address. */
const TRIES = 5;

const IPV6 = '::1';
export const THIS_MACHINE: readonly string[] = ['127.0.0.1', IPV6];

/** Listens on each address, on the same port. */
export async function listenOnAll(
  make: () => Server,
  addresses: readonly string[],
  port: number,
): Promise<{ readonly servers: readonly Server[]; readonly port: number }> {
  for (let tries = 1; ; tries++) {
    const servers: Server[] = [];
    let chosen = port;
    try {
      for (const address of withoutCovered(addresses)) {
        const server = make();
        if (!(await listenOn(server, address, chosen))) continue;
        servers.push(server);
        chosen = portOf(server);
      }
      return { servers, port: chosen };
    } catch (thrown) {
      for (const server of servers) server.close();
      // A port that is free on one address need not be so on the next.
      if (port !== 0 || servers.length === 0 || tries === TRIES) throw thrown;
    }
  }
}

/** Who listens on all addresses of a kind cannot listen on one of them besides. */
function withoutCovered(addresses: readonly string[]): readonly string[] {
  const covered = (address: string) =>
    (address !== '0.0.0.0' && addresses.includes('0.0.0.0') && !address.includes(':')) ||
    (address !== '::' && addresses.includes('::') && address.includes(':'));
  return [...new Set(addresses)].filter((address) => !covered(address));
}

/** Whether it listens now. Only IPv6 may be missing: some machines have none. */
async function listenOn(server: Server, host: string, port: number): Promise<boolean> {
  try {
    server.listen({ host, port, ipv6Only: host.includes(':') });
    await once(server, 'listening');
    return true;
  } catch (cause) {
    const system = (cause as NodeJS.ErrnoException).code ?? '';
    if (host === IPV6 && (system === 'EADDRNOTAVAIL' || system === 'EAFNOSUPPORT')) return false;
    throw new Fault('PORT_UNAVAILABLE', `Cannot listen on ${host} port ${port}: ${why(system)}`, {
      detail: { host, port, system },
      hint: 'Choose another with --port, or 0 for any free one.',
      cause,
    });
  }
}

function why(system: string): string {
  switch (system) {
    case 'EADDRINUSE':
      return 'something else listens there already';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'this machine has no such address';
    case 'EACCES':
      return 'this user may not';
    case 'ERR_SOCKET_BAD_PORT':
      return 'ports go up to 65535';
    default:
      return system;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
