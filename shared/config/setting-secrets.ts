import type { HashedKey, Reading } from './settings.ts';

/** Nothing in this file may put what it read into a message. */

const SHORTEST_SECRET = 32;

/** Secrets with commas between them, the current one first. */
export function readSecrets(text: string, most: number): Reading<readonly string[]> {
  const secrets = text.split(',').map((part) => part.trim());
  if (secrets.length > most) {
    return { wrong: `holds ${secrets.length} entries; ${most === 1 ? 'one is' : 'two are'} read` };
  }
  const short = secrets.findIndex((secret) => secret.length < SHORTEST_SECRET);
  if (short !== -1) {
    return {
      wrong: `has an entry, number ${short + 1}, of fewer than ${SHORTEST_SECRET} characters`,
      hint: 'Make one with: openssl rand -hex 32',
    };
  }
  return { value: secrets };
}

/** `name:sha256` with commas between them; a name may be there twice while its key changes. */
export function readHashedKeys(text: string): Reading<readonly HashedKey[]> {
  const keys: HashedKey[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const [caller = '', sha256 = '', more] = entry.trim().split(':');
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(caller) || !/^[0-9a-fA-F]{64}$/.test(sha256) || more) {
      return {
        wrong: `has an entry, number ${index + 1}, that is not a name, a colon and a SHA-256 in hex`,
        hint: 'Hash a key with: printf %s "$KEY" | sha256sum',
      };
    }
    keys.push({ caller, sha256: sha256.toLowerCase() });
  }
  return { value: keys };
}

/** An address of ours; what stands before an @ in it could be a password. */
export function readAddress(text: string): Reading<string> {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    return { wrong: 'is no address that begins with https:// or http://' };
  }
  const { username, password, search, hash, href } = new URL(text);
  if (username || password) return { wrong: 'holds a user name or password', hint: 'Leave it out' };
  if (search || hash) return { wrong: 'has a query or fragment', hint: 'Leave it out' };
  return { value: href.replace(/\/+$/, '') };
}
