import { createHmac, hash } from 'node:crypto';

/** The four lines a COS signature is made from, each as it stands in the text that is hashed. */
export interface SignedLines {
  readonly method: string;
  readonly path: string;
  readonly parameters: string;
  readonly headers: string;
}

/** What the service calls HttpString, and FormatString in its answers. */
export function httpStringOf({ method, path, parameters, headers }: SignedLines): string {
  return `${method}\n${path}\n${parameters}\n${headers}\n`;
}

export function stringToSignOf(httpString: string, signTime: string): string {
  return `sha1\n${signTime}\n${hash('sha1', httpString)}\n`;
}

/** The signature of a text. */
export function signatureOf(text: string, keyTime: string, secretKey: string): string {
  return signKeyOf(keyTime, secretKey).digest(text);
}

const MAX_SECRETS = 100;
const PLACES = 64;

interface Secret {
  readonly hmac: HmacSha1;
  /** Each key in the place its times point to, so that a newer one takes it over. */
  readonly signKeys: { readonly keyTime: string; readonly signKey: HmacSha1 }[];
}

const secrets = new Map<string, Secret>();

/** The key of one time window serves many requests, so it is remembered for a while. */
function signKeyOf(keyTime: string, secretKey: string): HmacSha1 {
  const { hmac, signKeys } = secrets.get(secretKey) ?? rememberedSecret(secretKey);
  const place = placeOf(keyTime);
  const known = signKeys[place];
  if (known?.keyTime === keyTime) return known.signKey;
  // The key is the hex text of the digest, not its bytes.
  const signKey = new HmacSha1(hmac.digest(keyTime));
  signKeys[place] = { keyTime, signKey };
  return signKey;
}

function rememberedSecret(secretKey: string): Secret {
  const secret = { hmac: new HmacSha1(secretKey), signKeys: [] };
  if (secrets.size >= MAX_SECRETS) secrets.clear();
  secrets.set(secretKey, secret);
  return secret;
}

function placeOf(keyTime: string): number {
  let sum = 0;
  for (let at = 0; at < keyTime.length; at++) sum = (sum * 31 + keyTime.charCodeAt(at)) % 65_536;
  return sum % PLACES;
}

const BLOCK = 64;
const DIGEST = 20;
const scratch = Buffer.alloc(BLOCK + DIGEST);
const pads = Buffer.alloc(2 * BLOCK);

/**
 * HMAC-SHA1 from two one-shot hashes, which takes half the time of `createHmac`. A short ASCII key
 * stays ASCII when it is padded, so that key and text can be hashed as one string.
 */
class HmacSha1 {
  readonly #key: string;
  readonly #inner: string | undefined;
  readonly #outer: string;

  constructor(key: string) {
    const short = key.length <= BLOCK && !/[^\x00-\x7f]/.test(key);
    const padded = short ? paddedTwice(key) : '';
    this.#key = key;
    this.#inner = short ? padded.slice(0, BLOCK) : undefined;
    this.#outer = padded.slice(BLOCK);
  }

  digest(text: string): string {
    if (this.#inner === undefined) return createHmac('sha1', this.#key).update(text).digest('hex');
    scratch.write(this.#outer, 'latin1');
    scratch.write(hash('sha1', this.#inner + text), BLOCK, DIGEST, 'hex');
    return hash('sha1', scratch);
  }
}

/** The inner and the outer block, one behind the other: a key of one second is often used just once. */
function paddedTwice(key: string): string {
  pads.fill(0x36, 0, BLOCK).fill(0x5c, BLOCK);
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    pads[at] = code ^ 0x36;
    pads[BLOCK + at] = code ^ 0x5c;
  }
  return pads.toString('latin1');
}
