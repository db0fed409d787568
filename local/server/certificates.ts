import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import * as der from './der.ts';

/** A certificate authority for this machine alone: what a client must trust to talk TLS to the engine. */
export interface CertificateAuthority {
  /** PEM, for `NODE_EXTRA_CA_CERTS` and its like. */
  readonly certificate: string;
  /** PEM; never leaves the data folder. */
  readonly key: string;
}

const AUTHORITY_NAME = 'Darkroom engine on this machine';
const DAY_MS = 86_400_000;
/** Some clients refuse server certificates that are valid for longer than this. */
const LEAF_DAYS = 397;
const AUTHORITY_DAYS = 3650;

const ECDSA_WITH_SHA256 = der.sequence(der.identifier('1.2.840.10045.4.3.2'));

export function makeAuthority(): CertificateAuthority {
  const { privateKey, publicKey } = newKeys();
  const certificate = certificateOf({
    subject: AUTHORITY_NAME,
    publicKey,
    signedWith: privateKey,
    days: AUTHORITY_DAYS,
    extensions: [
      critical('2.5.29.19', der.sequence(der.truth())), // it may sign others
      critical('2.5.29.15', der.bits(Buffer.from([0x06]), 1)), // and nothing but certificates and lists
    ],
  });
  return { certificate, key: pemOf(privateKey) };
}

/** A server certificate and its key, as PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Signs a certificate for these names and addresses. */
export function certificateFor(
  names: readonly string[],
  authority: CertificateAuthority,
): ServerCertificate {
  const { privateKey, publicKey } = newKeys();
  const cert = certificateOf({
    subject: 'Darkroom engine',
    publicKey,
    signedWith: createPrivateKey(authority.key),
    days: LEAF_DAYS,
    extensions: [
      extension('2.5.29.37', der.sequence(der.identifier('1.3.6.1.5.5.7.3.1'))), // a server
      extension('2.5.29.17', der.sequence(...names.map(alternativeName))),
    ],
  });
  return { cert, key: pemOf(privateKey) };
}

/** Whether an authority that was kept outlives whatever it signs now. */
export function stillValid({ certificate }: CertificateAuthority, now: number): boolean {
  return Date.parse(new X509Certificate(certificate).validTo) > now + LEAF_DAYS * DAY_MS;
}

/** A version 3 certificate issued by the authority, as PEM. */
function certificateOf(wanted: {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly signedWith: KeyObject;
  readonly days: number;
  readonly extensions: readonly der.Der[];
}): string {
  // Real time on purpose: clients compare with their own clock, which the engine's does not move.
  const now = Date.now();
  const authorityKey = createPublicKey(wanted.signedWith);
  const body = der.sequence(
    der.numbered(0, der.integer(Buffer.from([2]))), // version 3
    der.integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    nameOf(AUTHORITY_NAME),
    der.sequence(der.moment(now - DAY_MS), der.moment(now + wanted.days * DAY_MS)),
    nameOf(wanted.subject),
    wanted.publicKey.export({ type: 'spki', format: 'der' }),
    der.numbered(
      3,
      der.sequence(
        ...wanted.extensions,
        extension('2.5.29.14', der.octets(keyIdentifier(wanted.publicKey))),
        extension('2.5.29.35', der.sequence(der.numberedBytes(0, keyIdentifier(authorityKey)))),
      ),
    ),
  );
  const signature = sign('sha256', body, wanted.signedWith);
  const whole = der.sequence(body, ECDSA_WITH_SHA256, der.bits(signature));
  return new X509Certificate(whole).toString();
}

function nameOf(commonName: string): der.Der {
  return der.sequence(der.set(der.sequence(der.identifier('2.5.4.3'), der.utf8(commonName))));
}

/** Any text that stays the same for a key and differs between keys. */
function keyIdentifier(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(-20);
}

function extension(id: string, content: der.Der): der.Der {
  return der.sequence(der.identifier(id), der.octets(content));
}

function critical(id: string, content: der.Der): der.Der {
  return der.sequence(der.identifier(id), der.truth(), der.octets(content));
}

function alternativeName(serverName: string): der.Der {
  if (isIP(serverName) === 0) return der.numberedBytes(2, Buffer.from(serverName));
  return der.numberedBytes(7, addressBytes(serverName));
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const groups = [...left, ...(tail === undefined ? [] : zeros), ...right];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function newKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
