/** What follows these words lets whoever reads it open something. */
const SIGNED = /q-signature=|security-token=|(?:^|[?&;,])(?:sign|signature|token)=/i;

/** `q-sign` in Base64, at each of the three places where it can stand in a group of three bytes. */
const SIGNED_IN_BASE64 = /cS1zaWdu|Etc2lnb|xLXNpZ2/;

const SECRET_NAME = /^(?:q-signature|q-ak|sign|signature|token|x-c(?:os|i)-security-token)$/i;

/** Masks and detected pictures are signed addresses within an address. Nobody encodes so often. */
const DEEPEST = 6;

const GONE = '…';

/** A path and query fit for a log: whoever reads it can sign nothing and open nothing with it. */
export function redactedPath(rawPath: string, rawQuery: string): string {
  const path = redactedUrl(rawPath);
  if (rawQuery === '') return path;
  return `${path}?${rawQuery.split('&').map(redactedParameter).join('&')}`;
}

/** The same for a key or an address: a client may take a whole signed address for a key. */
export function redactedUrl(url: string): string {
  if (!isSigned(url)) return url;
  const query = url.search(/\?|%(?:25)*3f/i);
  return query === -1 ? GONE : `${url.slice(0, query)}?${GONE}`;
}

/** The same for a text that quotes parts of a request, such as what it had to sign. */
export function redactedText(text: string): string {
  return text.replace(/[^\s"'<>\\]+/g, redactedUrl);
}

function redactedParameter(piece: string): string {
  const end = piece.search(/[=/]/);
  if (end === -1) return isSigned(piece) ? GONE : piece;
  const name = piece.slice(0, end);
  const hidden = SECRET_NAME.test(decodedAscii(name)) || isSigned(piece.slice(end + 1));
  return hidden ? `${name}${piece[end]}${GONE}` : piece;
}

function isSigned(text: string): boolean {
  let decoded = text;
  for (let depth = 0; depth < DEEPEST; depth++) {
    if (SIGNED.test(decoded) || SIGNED_IN_BASE64.test(decoded)) return true;
    const once = decodedAscii(decoded);
    if (once === decoded) return false;
    decoded = once;
  }
  return true;
}

/** Percent signs of ASCII decoded, whether or not the rest is UTF-8. */
function decodedAscii(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
