import { isPrivateHost } from '../../shared/config/private-host.ts';
import { Fault } from '../../shared/core/fault.ts';

const LONGEST = 2048;

/**
 * The address of a picture elsewhere as the service will be told it: written anew by the parser
 * that judged it, so that nobody reads another host out of it than the one that was allowed. The
 * service follows the redirects of that host: allowing a host means trusting it not to lead astray.
 */
export function allowedPicture(address: string, sources: readonly string[]): string {
  if (address.length > LONGEST) {
    throw new Fault('INPUT_TOO_LARGE', `An address of ${address.length} characters`);
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:\/\//i.test(address)) throw refused('it has to begin with https://');
  if (url.username !== '' || url.password !== '') throw refused('it has a user name or password');
  if (url.port !== '') throw refused('it names a port');
  const host = url.hostname.replace(/\.$/, '');
  if (host === '' || isPrivateHost(host)) throw refused('its host is private');
  if (!sources.some((source) => isOf(host, source.toLowerCase()))) {
    throw refused(`http.sources of the rules does not allow its host, ${host}`);
  }
  url.hostname = host;
  url.hash = '';
  return url.href;
}

/** `*.example.com` is every host below it, and not `example.com` itself. */
function isOf(host: string, source: string): boolean {
  return source.startsWith('*.') ? host.endsWith(source.slice(1)) : host === source;
}

function refused(why: string): Fault {
  return new Fault('CALLER_DENIED', `The address of the picture is refused: ${why}`);
}
