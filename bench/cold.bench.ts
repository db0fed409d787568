import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import COS from 'cos-nodejs-sdk-v5';
import { build } from 'esbuild';
import sharp from 'sharp';
import { readRules } from '../shared/config/read-rules.ts';
import { DEPLOYED_FILE, writeDeployed } from '../shared/plan/deployed.ts';
import { writeCosEvent } from '../shared/wire/cos-event.ts';
import { startEngine } from './peers.ts';

export const title =
  'cold: on-upload beside a handler that bundles the Node SDK and zod; medians of rounds in turn';

const BUCKET = 'bench-1250000000';
const REGION = 'ap-guangzhou';
const ROUNDS = 7;
const WARM_UP = 30;
const EVENTS = 120;

const RULES = `
templates:
  cutout@1:
    outputs: [{ operation: goods-matting, into: 'NAME/{stem}.png' }]
rules:
  - { name: products, when: { prefix: in/, suffix: .jpg }, use: cutout }
`;

/** The same work by the SDK: is it there, take it once, have it carried out, write down that it was. */
const HANDLER_ON_SDK = `
const COS = require('cos-nodejs-sdk-v5');
const { z } = require('zod');
const { createHash } = require('node:crypto');
const Event = z.object({ Records: z.array(z.object({ cos: z.object({
  cosBucket: z.object({ name: z.string(), appid: z.string() }),
  cosObject: z.object({ key: z.string() }) }) })) });
const cos = new COS({ SecretId: process.env.TENCENTCLOUD_SECRETID, SecretKey: process.env.TENCENTCLOUD_SECRETKEY,
  Protocol: 'http:', Ip: process.env.PEER_IP, KeepAlive: true, ConfCwd: __dirname });
exports.main_handler = async (event) => {
  for (const { cos: record } of Event.parse(event).Records) {
    const { name, appid } = record.cosBucket;
    const at = { Bucket: name + '-' + appid, Region: process.env.PEER_REGION };
    const Key = decodeURIComponent(record.cosObject.key.split('/').slice(3).join('/'));
    if (!Key.startsWith('in/') || !Key.endsWith('.jpg')) continue;
    const { ETag } = await cos.headObject({ ...at, Key });
    const step = createHash('sha256').update(Key + ETag).digest('hex');
    const ledger = { ...at, Key: 'peer-ledger/' + step + '.json' };
    try {
      await cos.putObject({ ...ledger, Body: JSON.stringify({ state: 'open' }), Headers: { 'x-cos-forbid-overwrite': 'true' } });
    } catch (error) {
      if (error.statusCode === 409) continue;
      throw error;
    }
    const target = 'peer/' + Key.slice(3, -4) + '.png';
    const rules = { is_pic_info: 0, rules: [{ fileid: '/' + target, rule: 'ci-process=GoodsMatting' }] };
    const answer = await cos.request({ ...at, Key, Method: 'POST', Action: 'image_process',
      Headers: { 'Pic-Operations': JSON.stringify(rules) } });
    await cos.putObject({ ...ledger, Body: JSON.stringify({ state: 'done', answer: answer.UploadResult }) });
  }
};`;

/** Loads a handler, and has it hear events if there are any: what that took this process. */
const PROGRAM = `
const began = performance.now();
const { main_handler } = require(process.argv[1]);
const loadMs = performance.now() - began;
const loadedMb = process.memoryUsage().rss / 2 ** 20;
(async () => {
  const events = process.env.EVENTS ? JSON.parse(require('node:fs').readFileSync(process.env.EVENTS, 'utf8')) : [];
  let cpu;
  for (const [n, event] of events.entries()) {
    if (n === ${WARM_UP}) cpu = process.cpuUsage();
    await main_handler(event, { request_id: 'r' + n, time_limit_in_ms: 60000 });
  }
  const { user, system } = cpu ? process.cpuUsage(cpu) : { user: 0, system: 0 };
  console.log(JSON.stringify({ loadMs, loadedMb, rssMb: process.memoryUsage().rss / 2 ** 20,
    cpuUs: (user + system) / ${EVENTS} }));
  process.exit();
})();`;

interface Took {
  readonly loadMs: number;
  readonly loadedMb: number;
  readonly rssMb: number;
  readonly cpuUs: number;
}

export async function run(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-cold-'));
  const engine = await startEngine(undefined, ['--operations', 'instant']);
  try {
    const ours = { file: buildOurs(folder), rounds: [] as Took[], warm: [] as Took[] };
    const sdk = { file: await buildPeer(folder), rounds: [] as Took[], warm: [] as Took[] };
    const kb = (file: string) => statSync(file).size / 1024;
    print(
      `size    ${kb(ours.file).toFixed(0)} KB of at most 250; the peer ${kb(sdk.file).toFixed(0)} KB`,
    );

    for (let round = 0; round < ROUNDS; round += 1) {
      for (const one of [sdk, ours]) one.rounds.push(took(one.file, {}));
    }
    ratio(print, 'load', 'ms', (one) => one.loadMs, ours.rounds, sdk.rounds, 0.2);
    ratio(print, 'RSS loaded', 'MB', (one) => one.loadedMb, ours.rounds, sdk.rounds, 0.7);

    const env = environment(engine.port);
    for (let round = 0; round < 3; round += 1) {
      const events = join(folder, `events-${round}.json`);
      writeFileSync(events, JSON.stringify(await uploads(engine.port, round, folder)));
      for (const one of [sdk, ours]) one.warm.push(took(one.file, { ...env, EVENTS: events }));
    }
    ratio(print, 'RSS after events', 'MB', (one) => one.rssMb, ours.warm, sdk.warm, 0.7);
    ratio(print, 'CPU of a warm event', 'µs', (one) => one.cpuUs, ours.warm, sdk.warm, 0.4);
  } finally {
    engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function buildOurs(folder: string): string {
  const read = readRules(RULES.replace('NAME', 'ours'), 'rules.yaml');
  if (!read.ok) throw new Error('The rules of the bench are wrong');
  const place = { bucket: BUCKET, region: REGION };
  const places = {
    ...{ appid: '1250000000', sources: [place], outputs: [] },
    state: { ...place, prefix: 'darkroom/' },
  };
  mkdirSync(join(folder, 'ours'));
  const file = join(folder, 'ours', 'index.js');
  copyFileSync('dist/functions/on-upload/index.js', file);
  writeFileSync(join(folder, 'ours', DEPLOYED_FILE), writeDeployed(read.rules, places));
  return file;
}

async function buildPeer(folder: string): Promise<string> {
  const outfile = join(folder, 'peer', 'index.js');
  await build({
    stdin: { contents: HANDLER_ON_SDK, resolveDir: process.cwd() },
    ...{ outfile, bundle: true, minify: true, logLevel: 'error' },
    ...{ format: 'cjs', platform: 'node', target: 'node20' },
  });
  return outfile;
}

function environment(port: number) {
  return {
    DARKROOM_BUCKETS: `${BUCKET}@${REGION}`,
    DARKROOM_STATE: `${BUCKET}@${REGION}/darkroom/`,
    DARKROOM_ENDPOINT: `http://127.0.0.1:${port}`,
    PEER_REGION: REGION,
    PEER_IP: `127.0.0.1:${port}`,
    TENCENTCLOUD_SECRETID: 'bench',
    TENCENTCLOUD_SECRETKEY: 'bench-secret',
  };
}

/** Puts pictures there; what tells of them. */
async function uploads(port: number, round: number, folder: string): Promise<readonly unknown[]> {
  const cos = new COS({
    ...{ SecretId: 'bench', SecretKey: 'bench-secret', ConfCwd: folder },
    ...{ Protocol: 'http:', Ip: `127.0.0.1:${port}`, KeepAlive: true },
  });
  const create = { width: 8, height: 8, channels: 3, background: '#336699' } as const;
  const Body = await sharp({ create }).jpeg().toBuffer();
  const events: unknown[] = [];
  for (let n = 0; n < WARM_UP + EVENTS; n += 1) {
    const key = `in/${round}-${n}.jpg`;
    await cos.putObject({
      Bucket: BUCKET,
      Region: REGION,
      Key: key,
      Body,
      ContentType: 'image/jpeg',
    });
    events.push(
      writeCosEvent([
        {
          ...{ bucket: BUCKET, region: REGION, key, eventName: 'cos:ObjectCreated:Put' },
          ...{ size: Body.length, at: Date.now(), meta: {}, queue: '', sourceIp: '127.0.0.1' },
        },
      ]),
    );
  }
  return events;
}

function took(file: string, env: Readonly<Record<string, string>>): Took {
  const printed = execFileSync(process.execPath, ['-e', PROGRAM, file], { env, encoding: 'utf8' });
  // Whatever a handler logs stands before.
  return JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '');
}

function ratio(
  print: (line: string) => void,
  what: string,
  unit: string,
  of: (took: Took) => number,
  ours: readonly Took[],
  sdk: readonly Took[],
  most: number,
): void {
  const [own, other] = [median(ours.map(of)), median(sdk.map(of))];
  const verdict = own / other <= most ? 'within' : 'OVER';
  print(
    `${what.padEnd(20)} ${own.toFixed(0)} ${unit}, the peer ${other.toFixed(0)} ${unit}: ${(own / other).toFixed(2)}x, ${verdict} its budget of ${most}x`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}
