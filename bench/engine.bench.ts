import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { type LoadResult, load } from './http-load.ts';
import { type Peer, startBare, startEngine, startS3rver } from './peers.ts';

export const title =
  'engine: beside s3rver and a bare node:http server that keeps objects in memory; medians';

const CONNECTIONS = 16;
const SMALL = { name: '10 KB', bytes: 10 * 1024, keys: 200, seconds: 1 };
const LARGE = { name: '10 MB', bytes: 10 * 1024 ** 2, keys: 8, seconds: 1.5 };
/** Everybody in turn, several times over: the machine is not as quick in one second as in the next. */
const ROUNDS = 5;
const STARTS = 7;
const LISTED = 100_000;

export async function run(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-bench-'));
  const peers: Peer[] = [];
  try {
    await starting(folder, print);
    const engine = await startEngine(join(folder, 'engine'));
    peers.push(engine);
    const s3rver = await startS3rver(join(folder, 's3rver'));
    peers.push(s3rver, await startBare());
    for (const size of [SMALL, LARGE]) {
      await beside(peers, 'PUT', size, print);
      await beside(peers, 'GET', size, print);
    }
    print(`${engine.rssMb().toFixed(0)} MB RSS of the engine afterwards`);
    await besidePictures(engine, print);
    await listing(engine, s3rver, join(folder, 's3rver', 'bench', 'list'), print);
  } finally {
    for (const peer of peers) peer.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a folder that is new, in one that is there, and in memory. */
async function starting(folder: string, print: (line: string) => void): Promise<void> {
  const ready: Record<string, number[]> = { 'new folder': [], folder: [], memory: [] };
  let idleMb = 0;
  for (let number = 0; number < STARTS; number++) {
    const data = join(folder, `start-${number}`);
    for (const [where, times] of Object.entries(ready)) {
      const engine = await startEngine(where === 'memory' ? undefined : data);
      times.push(engine.readyMs);
      idleMb = Math.max(idleMb, engine.rssMb());
      engine.stop();
    }
  }
  const told = Object.entries(ready).map(([where, ms]) => `${where} ${median(ms).toFixed(0)} ms`);
  print(`ready      ${told.join(', ')}; ${idleMb.toFixed(0)} MB RSS idle at most`);
}

/** One kind of request to each of the peers, in rounds. */
async function beside(
  peers: readonly Peer[],
  method: 'PUT' | 'GET',
  size: typeof SMALL,
  print: (line: string) => void,
): Promise<void> {
  const all = new Map(peers.map((peer): [Peer, LoadResult[]] => [peer, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const [peer, results] of all) {
      const result = await requests(peer, method, size);
      // What is compiled in the first round is not what is asked.
      if (round >= 0) results.push(result);
    }
  }
  const [[, ours] = [undefined, []]] = all;
  for (const [{ name }, results] of all) {
    const of = (what: keyof LoadResult) => median(results.map((result) => result[what]));
    const ratio = median(ours.map((our, at) => our.perSecond / (results[at]?.perSecond ?? 0)));
    const said = [
      `${method} ${size.name}  ${name.padEnd(6)} ${of('perSecond').toFixed(0).padStart(6)}/s`,
      `p50 ${of('p50').toFixed(2)} ms`,
      `p99 ${of('p99').toFixed(2)} ms`,
      ...(results === ours ? [] : [`engine is ${ratio.toFixed(2)}x of it`]),
    ];
    const failed = results.reduce((sum, result) => sum + result.failed, 0);
    print(said.join('  ') + (failed > 0 ? `  ${failed} FAILED` : ''));
  }
}

function requests(
  peer: Peer,
  method: 'PUT' | 'GET',
  { bytes, keys, seconds }: typeof SMALL,
): Promise<LoadResult> {
  const body = method === 'PUT' ? Buffer.alloc(bytes, 'darkroom') : Buffer.alloc(0);
  // Signed beforehand: the client's work is not what is measured.
  const prepared = Array.from({ length: keys }, (_, number) =>
    Buffer.concat([Buffer.from(peer.head(method, `${bytes}/${number}.bin`, body.length)), body]),
  );
  return load({
    port: peer.port,
    connections: CONNECTIONS,
    seconds,
    request: (number) => prepared[number % keys] as Buffer,
  });
}

const PICTURE_CONNECTIONS = 8;

/** Small objects while all threads for pictures are busy, and others wait in line. */
async function besidePictures(engine: Peer, print: (line: string) => void): Promise<void> {
  const picture = await photo();
  const put = Buffer.concat([Buffer.from(engine.head('PUT', 'big.jpg', picture.length)), picture]);
  const only = { port: engine.port, connections: 1, seconds: 60, requests: 1 };
  const { failed } = await load({ ...only, request: () => put });
  const asked = Buffer.from(engine.head('GET', 'big.jpg', 0, { 'ci-process': 'GoodsMatting' }));
  const small = Buffer.from(engine.head('GET', `${SMALL.bytes}/0.bin`, 0));
  const seconds = 6;
  const [pictures, objects] = await Promise.all([
    load({
      port: engine.port,
      connections: PICTURE_CONNECTIONS,
      seconds: seconds + 1,
      request: () => asked,
    }),
    load({ port: engine.port, connections: 4, seconds, request: () => small }),
  ]);
  const wrong = failed + pictures.failed + objects.failed;
  print(
    `GET 10 KB while ${PICTURE_CONNECTIONS} ask for pictures: ${objects.perSecond.toFixed(0)}/s  p50 ${objects.p50.toFixed(2)} ms  p99 ${objects.p99.toFixed(2)} ms; ${pictures.perSecond.toFixed(1)} pictures/s${wrong > 0 ? `  ${wrong} FAILED` : ''}`,
  );
}

/** Two megapixels with something in the middle. */
function photo(): Promise<Buffer> {
  const [width, height] = [1632, 1224];
  const subject = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><ellipse cx="800" cy="600" rx="350" ry="450" fill="#a33"/></svg>`;
  const noise = { type: 'gaussian', mean: 200, sigma: 12 } as const;
  return sharp({ create: { width, height, channels: 3, background: '#ccc', noise } })
    .composite([{ input: Buffer.from(subject) }])
    .jpeg()
    .toBuffer();
}

/** All pages of 1,000 keys; of s3rver, which walks its folders for every page, one from the middle. */
async function listing(
  engine: Peer,
  s3rver: Peer,
  s3rverFolder: string,
  print: (line: string) => void,
): Promise<void> {
  mkdirSync(s3rverFolder, { recursive: true });
  for (let number = 0; number < LISTED; number++) {
    writeFileSync(join(s3rverFolder, `${nameOf(number)}._S3rver_object`), '');
  }
  const put = (number: number) => Buffer.from(engine.head('PUT', `list/${nameOf(number)}`, 0));
  const to = { port: engine.port, connections: CONNECTIONS };
  await load({ ...to, seconds: 300, requests: LISTED, request: put });

  const startedAt = performance.now();
  let keys = 0;
  for (let marker: string | undefined = ''; marker !== undefined; ) {
    const found = await page(engine, marker);
    keys += found.keys;
    marker = found.next;
  }
  const took = performance.now() - startedAt;
  const middle = `list/${nameOf(LISTED / 2)}`;
  const pages = { engine: await pageMs(engine, middle), s3rver: await pageMs(s3rver, middle) };
  print(
    `list       ${keys} keys in ${took.toFixed(0)} ms; a page of 1,000 in ${pages.engine.toFixed(1)} ms, of s3rver in ${pages.s3rver.toFixed(0)} ms`,
  );
}

function nameOf(number: number): string {
  return String(number).padStart(6, '0');
}

async function pageMs(peer: Peer, marker: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    await page(peer, marker);
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

interface Page {
  readonly keys: number;
  /** Where the next page begins; nothing after the last. */
  readonly next: string | undefined;
}

async function page(peer: Peer, marker: string): Promise<Page> {
  const text = await get(peer, { prefix: 'list/', marker });
  const found = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
  return {
    keys: found.length,
    next: text.includes('<IsTruncated>true') ? found.at(-1) : undefined,
  };
}

function get(peer: Peer, query: Readonly<Record<string, string>>): Promise<string> {
  const [requestLine = '', ...lines] = peer.head('GET', '', 0, query).split('\r\n').filter(Boolean);
  const path = requestLine.split(' ')[1];
  const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/).slice(0, 2)));
  return new Promise((resolve, reject) => {
    httpRequest({ port: peer.port, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}

function median(values: readonly number[]): number {
  const inOrder = [...values].sort((one, other) => one - other);
  return inOrder[inOrder.length >> 1] ?? 0;
}
