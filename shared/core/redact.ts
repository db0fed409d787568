const GONE = '[redacted]';

/** Past this a text is cut: a secret that is cut away is no secret told. */
const LONGEST = 4096;

/** Parts of signed addresses and of Authorization values, encoded or not. */
const SIGNED =
  /q-sign|q-ak|q-key-time|q-header-list|q-url-param-list|x-amz-|(?:security-token|(?:^|[?&;,]|%26|%3f)(?:sign|signature|token|credential))(?:=|%3d)/i;

/** A header or field that holds a secret, written out in a text; its line goes up to the end. */
const SECRET_LINE = /((?:authorization|cookie)["']?\s*[:=]).*/gi;
const SECRET_FIELD =
  /((?:token|secret|secret[-_]?key|password|api[-_]?key)["']?\s*[:=]\s*["']?)[^\s"'&,;}]+/gi;
const SCHEME = /\b(bearer|basic)\s+[^\s"']{12,}/gi;
const SECRET_ID = /\bAKID[A-Za-z0-9_-]{8,}/g;
const CALLBACK_TOKEN = /(\/callbacks\/)[^/?#\s"']+/g;

/** `q-sign` in Base64, at each of the three places where it can stand in a group of three bytes. */
const SIGNED_IN_BASE64 = ['cS1zaWdu', 'Etc2lnb', 'xLXNpZ2'];

/** A word of each of the above. Hardly a text has any, and every field of every log line is looked at. */
const SUSPECT =
  /sign|q-ak|q-key-time|q-header-list|q-url-param-list|x-amz-|token|credential|authorization|cookie|secret|password|api[-_]?key|bearer|basic|akid|\/callbacks\/|cS1zaWdu|Etc2lnb|xLXNpZ2/i;

/**
 * The text without anything that opens a door: signed addresses keep their path and lose their
 * query, also where they stand inside of another text, encoded, or in Base64 as masks do.
 */
export function redacted(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  if (!SUSPECT.test(short)) return short;
  return short
    .replace(SECRET_LINE, `$1 ${GONE}`)
    .replace(SCHEME, `$1 ${GONE}`)
    .replace(/[^\s"'<>]+/g, withoutSignature)
    .replace(SECRET_FIELD, `$1${GONE}`)
    .replace(CALLBACK_TOKEN, `$1${GONE}`)
    .replace(SECRET_ID, GONE)
    .replace(/[A-Za-z0-9+/_-]{32,}/g, withoutEncodedSignature);
}

function withoutSignature(word: string): string {
  if (!SIGNED.test(word)) return word;
  const query = word.indexOf('?');
  return query < 0 ? GONE : `${word.slice(0, query)}?${GONE}`;
}

function withoutEncodedSignature(run: string): string {
  return SIGNED_IN_BASE64.some((mark) => run.includes(mark)) ? GONE : run;
}
