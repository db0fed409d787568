const WORDS = 'The Darkroom engine is a proxy to itself alone: nothing leaves this machine.\n';

/** What becomes of a tunnel to somewhere else. */
export const NO_WAY_OUT = `HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${WORDS.length}\r\n\r\n${WORDS}`;

/** What is not HTTP, or more of it than is read, is answered if it can be, and cut. */
export function refusalOf(error: NodeJS.ErrnoException): string {
  return `HTTP/1.1 ${statusOf(error)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
}

function statusOf({ code }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return '431 Request Header Fields Too Large';
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return '413 Payload Too Large';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return '408 Request Timeout';
    default:
      return '400 Bad Request';
  }
}
