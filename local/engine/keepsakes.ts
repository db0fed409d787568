import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeyPair, newKeyPair } from '../cam/identities.ts';
import { diskFault } from '../cos/storage/disk-fault.ts';
import { type CertificateAuthority, makeAuthority, stillValid } from '../server/certificates.ts';

/** What an engine makes once and keeps, in files that programs and people can read. */
export interface Keepsakes {
  readonly credentials: KeyPair;
  /** Who holds it may use the admin API. */
  readonly adminToken: string;
  readonly authority: CertificateAuthority;
  readonly paths: {
    readonly credentials: string;
    readonly adminToken: string;
    readonly authority: string;
    /** A folder for files that are needed for a while. */
    readonly work: string;
    /** Code of functions, unpacked, and what they write. */
    readonly functions: string;
  };
  /** Takes away what was only for this run. */
  forget(): void;
}

/** In the data folder; without one in a folder that ends with the engine. */
export function openKeepsakes(data: string | undefined, given: KeyPair | undefined): Keepsakes {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'darkroom-'));
  const forget = () => {
    if (data === undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    return keepsakesIn(folder, given, forget);
  } catch (thrown) {
    forget();
    throw diskFault(thrown, folder);
  }
}

function keepsakesIn(folder: string, given: KeyPair | undefined, forget: () => void): Keepsakes {
  const paths = {
    credentials: join(folder, 'credentials.env'),
    adminToken: join(folder, 'admin-token'),
    authority: join(folder, 'authority.pem'),
    work: join(folder, 'work'),
    functions: join(folder, 'functions'),
  };
  const credentials = given ?? readKeys(paths.credentials) ?? newKeyPair();
  writeSecret(paths.credentials, keysText(credentials));
  const adminToken = readIfThere(paths.adminToken)?.trim() || randomBytes(24).toString('hex');
  writeSecret(paths.adminToken, `${adminToken}\n`);
  return {
    credentials,
    adminToken,
    authority: openAuthority(paths.authority, join(folder, 'authority-key.pem')),
    paths,
    forget,
  };
}

/** The names that functions find their keys under, so that the file can be sourced. */
function keysText({ secretId, secretKey }: KeyPair): string {
  return `TENCENTCLOUD_SECRETID=${secretId}\nTENCENTCLOUD_SECRETKEY=${secretKey}\n`;
}

function readKeys(path: string): KeyPair | undefined {
  const text = readIfThere(path) ?? '';
  const secretId = /^TENCENTCLOUD_SECRETID=(\S+)$/m.exec(text)?.[1];
  const secretKey = /^TENCENTCLOUD_SECRETKEY=(\S+)$/m.exec(text)?.[1];
  return secretId && secretKey ? { secretId, secretKey } : undefined;
}

function openAuthority(certificatePath: string, keyPath: string): CertificateAuthority {
  const certificate = readIfThere(certificatePath);
  const key = readIfThere(keyPath);
  if (certificate && key) {
    const kept = { certificate, key };
    if (stillValid(kept, Date.now())) return kept;
  }
  const made = makeAuthority();
  writeFileSync(certificatePath, made.certificate);
  writeSecret(keyPath, made.key);
  return made;
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/**
 * For nobody else on this machine. The file has the old text or the new one, whenever we are
 * stopped: half of a key would make the next start think that there is none.
 */
function writeSecret(path: string, text: string): void {
  if (readIfThere(path) === text) return;
  const anew = `${path}.new`;
  rmSync(anew, { force: true });
  writeFileSync(anew, text, { mode: 0o600 });
  renameSync(anew, path);
}
