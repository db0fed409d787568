import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import COS from 'cos-nodejs-sdk-v5';
import { openClient } from '../shared/client/client.ts';
import { openBucketRecords } from '../shared/store/bucket-records.ts';
import { startEngine } from './peers.ts';

export const title =
  'client: CPU time of this process for each request, beside the Node SDK; medians of rounds in turn';

const PLACE = { bucket: 'bench-1250000000', region: 'ap-guangzhou' };
const KEYS = { secretId: 'bench', secretKey: 'bench-secret' };
const ROUNDS = 7;
const REQUESTS = 300;
const AT_ONCE = 8;

type Asking = (key: string) => Promise<unknown>;

export async function run(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-bench-'));
  const engine = await startEngine();
  try {
    const client = openClient({
      keys: () => KEYS,
      leftMs: () => 60_000,
      limits: { requestsPerSecond: 50, inFlight: 10 },
      now: Date.now,
      endpoint: `http://127.0.0.1:${engine.port}`,
    });
    const { objects, textsIn } = client;
    const state = { ...PLACE, prefix: 'records/' };
    const records = await openBucketRecords(state, { texts: textsIn(state), objects });
    const sdk = new COS({
      ...{ SecretId: KEYS.secretId, SecretKey: KEYS.secretKey, ConfCwd: folder },
      ...{ Protocol: 'http:', Ip: `127.0.0.1:${engine.port}`, KeepAlive: true },
    });
    const at = (Key: string) => ({ Bucket: PLACE.bucket, Region: PLACE.region, Key });
    const Body = JSON.stringify({ step: 'x'.repeat(600) });
    await records.write('there.json', Body);

    await beside(print, 'HEAD of an object', {
      ours: () => objects.head({ ...PLACE, key: 'records/there.json' }),
      sdk: () => sdk.headObject(at('records/there.json')),
    });
    await beside(print, 'creating a record once', {
      ours: (key) => records.create(`ours/${key}.json`, Body),
      sdk: (key) =>
        sdk.putObject({
          ...at(`records/sdk/${key}.json`),
          Body,
          Headers: { 'x-cos-forbid-overwrite': 'true' },
        }),
    });
    await beside(print, 'reading a record', {
      ours: () => records.read('there.json'),
      sdk: () => sdk.getObject(at('records/there.json')),
    });
  } finally {
    engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function beside(
  print: (line: string) => void,
  what: string,
  { ours, sdk }: { readonly ours: Asking; readonly sdk: Asking },
): Promise<void> {
  const times: { readonly ours: number[]; readonly sdk: number[] } = { ours: [], sdk: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.sdk.push(await cpuFor(sdk, round));
    times.ours.push(await cpuFor(ours, round));
  }
  const [own, other] = [median(times.ours), median(times.sdk)];
  print(
    `${what.padEnd(24)} ${own.toFixed(0)} µs, the SDK ${other.toFixed(0)} µs: ${(own / other).toFixed(2)}x`,
  );
}

/** Microseconds of CPU for one request, while a few are under way at once. */
async function cpuFor(ask: Asking, round: number): Promise<number> {
  const before = process.cpuUsage();
  for (let done = 0; done < REQUESTS; done += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => ask(`${round}-${done}-${index}`)),
    );
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}
