import COS from 'cos-nodejs-sdk-v5';
import { authorization, headersToSign, type Unsigned } from '../shared/wire/signature.ts';
import { readSignature } from '../shared/wire/signature-read.ts';
import { verify } from '../shared/wire/signature-verify.ts';

export const title = 'signing and verifying COS requests, beside getAuthorization of the Node SDK';

const KEYS = { secretId: 'AKIDexampleexampleexampleexample0000', secretKey: 'a'.repeat(32) };
const Host = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com';
const FROM = 1_700_000_000;
const UNTIL = FROM + 3600;
const CALLS = 20_000;
const ROUNDS = 9;

const REQUESTS: readonly (Unsigned & { readonly what: string })[] = [
  { what: 'GET of an object', method: 'GET', path: '/in/cat.jpg', query: {}, headers: { Host } },
  {
    what: 'POST with Pic-Operations',
    method: 'POST',
    path: '/产品/cat (1).jpg',
    query: { image_process: '' },
    headers: {
      Host,
      'Content-Length': '0',
      'Pic-Operations':
        '{"is_pic_info":1,"rules":[{"fileid":"/out/cat.png","rule":"ci-process=AIPicMatting&center-layout=1"}]}',
    },
  },
];

export async function run(print: (line: string) => void): Promise<void> {
  for (const { what, ...request } of REQUESTS) {
    const times = compare({
      sdk: () => bySdk(request, FROM),
      'same second': () => sign(request, FROM),
      'new second': (call) => sign(request, FROM + call),
    });
    print(what);
    print(`  Node SDK                      ${times.sdk.toFixed(2)} µs`);
    for (const name of ['same second', 'new second'] as const) {
      const ratio = (times.sdk / times[name]).toFixed(1);
      print(
        `  Darkroom, in the ${name.padEnd(12)} ${times[name].toFixed(2)} µs, ${ratio}x as fast`,
      );
    }
  }
  print(`Verifying a GET                 ${verifying().toFixed(2)} µs`);
}

/** As a client does: it chooses the headers, then signs. */
function sign({ method, path, query = {}, headers = {} }: Unsigned, fromSeconds: number): string {
  const request = { method, path, query, headers: headersToSign(headers) };
  return authorization(request, KEYS, { fromSeconds, untilSeconds: UNTIL });
}

function bySdk({ method, path, query = {}, headers = {} }: Unsigned, fromSeconds: number): string {
  return COS.getAuthorization({
    SecretId: KEYS.secretId,
    SecretKey: KEYS.secretKey,
    KeyTime: `${fromSeconds};${UNTIL}`,
    Method: method as 'GET',
    Pathname: path,
    Query: query,
    Headers: headers,
  });
}

function verifying(): number {
  const authorizationSent = sign(REQUESTS[0] ?? { method: 'GET', path: '/' }, FROM);
  const headers = { host: Host, authorization: authorizationSent };
  const request = { method: 'GET', rawPath: '/in/cat.jpg', rawQuery: '', headers };
  const { verified } = compare({
    verified: () => {
      const claimed = readSignature(request);
      if (!claimed || verify(request, claimed, KEYS.secretKey, FROM * 1000).status !== 'ok') {
        throw new Error('A right signature was refused');
      }
    },
  });
  return verified;
}

/** Microseconds a call in the best of several rounds that take turns. */
function compare<Name extends string>(
  all: Readonly<Record<Name, (call: number) => unknown>>,
): Record<Name, number> {
  const names = Object.keys(all) as Name[];
  const best = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<Name, number>;
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      const started = performance.now();
      for (let call = 0; call < CALLS; call++) all[name](call);
      best[name] = Math.min(best[name], ((performance.now() - started) * 1000) / CALLS);
    }
  }
  return best;
}
