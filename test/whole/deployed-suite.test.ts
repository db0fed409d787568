import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { main } from '../../cli/main.ts';
import { mp4 } from '../local/ci/jobs/mp4-file.ts';
import { boxPicture } from '../local/ci/pictures/pictures-for-tests.ts';
import {
  BUCKET,
  type EngineForTests,
  engineForTests,
  KEYS,
  REGION,
} from '../local/engine-for-tests.ts';

// The whole product from a fresh folder: the deployer puts the built functions into the engine, which unpacks
// and runs them with the keys and permissions of their roles. Nothing here calls a function of ours.

const RULES = `
templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, into: 'cutouts/{stem}.png' }
  actors@1:
    outputs:
      - operation: segment-video-body
        with: { mode: foreground, backgroundColour: '#00ff00' }
        into: actors/{stem}.mp4
rules:
  - { name: products, when: { prefix: in/, suffix: .jpg }, use: cutout }
  - { name: clips, when: { prefix: in/, suffix: .mp4 }, use: actors }
schedule:
  - { name: nightly, cron: 0 30 2 * * * *, prefix: in/ }
`;

const folder = mkdtempSync(join(tmpdir(), 'darkroom-whole-'));
let there: EngineForTests;
let client: COS;

beforeAll(async () => {
  there = await engineForTests();
  client = there.client(COS);
  writeFileSync(join(folder, 'rules.yaml'), RULES);
  writeFileSync(
    join(folder, 'env'),
    [
      `DARKROOM_BUCKETS=${BUCKET}@${REGION}`,
      `DARKROOM_STATE=${BUCKET}/darkroom/`,
      `DARKROOM_ENDPOINT=${there.engine.url}`,
      `TENCENTCLOUD_SECRET_ID=${KEYS.secretId}`,
      `TENCENTCLOUD_SECRET_KEY=${KEYS.secretKey}`,
    ].join('\n'),
  );
});
afterAll(async () => {
  await there.stop();
  rmSync(folder, { recursive: true });
});

const PLACE = ['--env-file', join(folder, 'env'), '--yes'];

async function darkroom(...argv: readonly string[]): Promise<void> {
  const err: string[] = [];
  const io = { out: () => {}, err: (line: string) => err.push(line), env: {} };
  const exitCode = await main(argv, COMMANDS, '0.0.0', io);
  expect([exitCode, exitCode === 0 ? '' : err.join('\n')]).toEqual([0, '']);
}

async function put(Key: string, Body: Buffer): Promise<void> {
  await client.putObject({ Bucket: BUCKET, Region: REGION, Key, Body });
}

async function keysBelow(Prefix: string): Promise<readonly string[]> {
  const { Contents } = await client.getBucket({ Bucket: BUCKET, Region: REGION, Prefix });
  return Contents.map(({ Key }) => Key);
}

const soon = { timeout: 60_000, interval: 200 };

test('uploads are developed by what was deployed, and destroying it leaves the objects', async () => {
  // There before anybody listens: only the timer can find it.
  const picture = await boxPicture(
    { width: 80, height: 60 },
    { left: 20, top: 10, width: 30, height: 40 },
  )
    .jpeg()
    .toBuffer();
  await put('in/early.jpg', picture);
  await darkroom('deploy', 'apply', ...PLACE, '--rules', join(folder, 'rules.yaml'));

  await put('in/mug.jpg', picture);
  await put('in/hello.mp4', mp4());
  await vi.waitFor(async () => {
    expect(await keysBelow('cutouts/')).toEqual(['cutouts/mug.png']);
    expect(await keysBelow('actors/')).toEqual(['actors/hello.mp4']);
  }, soon);

  // The job told on-callback, through the address that the deployment gave it.
  await vi.waitFor(() => {
    expect(there.engine.callbacks.list().map(({ state }) => state)).toEqual(['delivered']);
  }, soon);

  // A day and a night later the timers have fired; keys of functions were renewed meanwhile.
  there.engine.clock.advance(24 * 3_600_000);
  await vi.waitFor(async () => {
    expect(await keysBelow('cutouts/')).toEqual(['cutouts/early.png', 'cutouts/mug.png']);
  }, soon);

  there.engine.clock.set(Date.now());
  await darkroom('deploy', 'destroy', ...PLACE, '--purge-state');
  const left = ['actors/hello.mp4', 'cutouts/early.png', 'cutouts/mug.png'];
  expect(await keysBelow('')).toEqual([...left, 'in/early.jpg', 'in/hello.mp4', 'in/mug.jpg']);
  const ours = (name: string) => name.startsWith('darkroom');
  expect(there.engine.identities.roles().filter(({ name }) => ours(name))).toEqual([]);
  expect(there.engine.identities.policies()).toEqual([]);
}, 180_000);
