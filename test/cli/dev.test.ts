import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, afterEach, expect, test, vi } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'darkroom-dev-'));
const rulesFile = join(folder, 'rules.yaml');
const WAIT = { timeout: 60_000, interval: 100 };

const BUCKET = { Bucket: 'darkroom-1250000000', Region: 'ap-guangzhou' };
const RULES = `templates:
  cutout@1:
    outputs:
      - { operation: goods-matting, into: 'cutouts/{stem}.png' }
rules:
  - { name: products, when: { prefix: incoming/products/, suffix: .jpg }, use: cutout }
http:
  callers:
    - { name: shop, templates: cutout }
`;

interface Running {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  readonly ended: Promise<number | null>;
}

let running: Running[] = [];

/** The command as `npm start` runs it, over a data folder of its own. */
function dev(data: string, ...flags: readonly string[]): Running {
  const argv = ['dist/cli/darkroom.js', 'dev', '--port', '0', '--rules', rulesFile];
  const child = spawn(process.execPath, [...argv, '--data', join(folder, data), ...flags], {
    cwd: root,
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    err += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const one = { child, out: () => out, err: () => err, ended };
  running.push(one);
  return one;
}

function environmentIn(data: string): Readonly<Record<string, string>> {
  return parseEnv(readFileSync(join(folder, data, 'dev.env'), 'utf8')) as Record<string, string>;
}

function sdkFor(data: string): COS {
  const env = environmentIn(data);
  return new COS({
    SecretId: env['TENCENTCLOUD_SECRET_ID'] ?? '',
    SecretKey: env['TENCENTCLOUD_SECRET_KEY'] ?? '',
    Protocol: 'http:',
    Ip: new URL(env['DARKROOM_ENDPOINT'] ?? '').host,
    ConfCwd: folder,
  });
}

afterEach(async () => {
  for (const { child } of running) child.kill();
  await Promise.all(running.map(({ ended }) => ended));
  running = [];
});
afterAll(() => rmSync(folder, { recursive: true }));

test('dev --once deploys, makes all outputs of the samples, and makes none a second time', async () => {
  writeFileSync(rulesFile, RULES);
  const first = dev('once', '--once');
  expect(await first.ended, first.err()).toBe(0);
  expect(first.out()).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+$/m);
  expect(first.err()).toContain('create function darkroom-dev-on-upload');
  expect(first.out()).toMatch(
    /^done {6}incoming\/products\/mug\.jpg -> cutouts\/mug\.png \(\d+ KB\)$/m,
  );

  const again = dev('once', '--once');
  expect(await again.ended, again.err()).toBe(0);
  expect(again.err()).not.toMatch(/^(?:create|update|uploaded) /m);
  expect(again.out()).toMatch(/^there {5}incoming\/products\/mug\.jpg -> cutouts\/mug\.png$/m);
  expect(again.out()).not.toContain('done');
  // Whoever reads over a shoulder or in a log sees no key.
  const { TENCENTCLOUD_SECRET_KEY, DARKROOM_LINK_KEYS, DARKROOM_API_KEY } = environmentIn('once');
  for (const secret of [TENCENTCLOUD_SECRET_KEY, DARKROOM_LINK_KEYS, DARKROOM_API_KEY]) {
    expect(secret).toMatch(/.{20}/);
    expect(first.out() + first.err()).not.toContain(secret);
  }
}, 120_000);

test('dev --once ends with 1 and names what could not be made', async () => {
  writeFileSync(rulesFile, RULES);
  const one = dev('broken', '--no-samples');
  await vi.waitFor(() => expect(one.out()).toContain('ready'), WAIT);
  await sdkFor('broken').putObject({
    ...{ ...BUCKET, Key: 'incoming/products/torn.jpg', Body: 'not a picture' },
  });
  await vi.waitFor(() => expect(one.out()).toMatch(/^failed .*torn\.jpg/m), WAIT);
  one.child.kill('SIGINT');
  expect(await one.ended).toBe(0);

  const again = dev('broken', '--no-samples', '--once');
  expect(await again.ended).toBe(1);
  expect(again.err()).toContain('missing: incoming/products/torn.jpg -> cutouts/torn.png');
}, 120_000);

test('changed rules are deployed at once, wrong ones are not, and what is there gets its new outputs', async () => {
  writeFileSync(rulesFile, RULES);
  const one = dev('watch', '--no-samples');
  await vi.waitFor(() => expect(one.err()).toContain('watching'), WAIT);
  await vi.waitFor(() => expect(one.out()).toContain('ready'), WAIT);
  cpSync(join(root, 'samples', 'incoming', 'small', 'coffee.png'), join(folder, 'coffee.png'));
  const Body = readFileSync(join(folder, 'coffee.png'));
  await sdkFor('watch').putObject({ ...BUCKET, Key: 'incoming/small/coffee.png', Body });
  // The watcher of files is there only after everything else.
  await vi.waitFor(() => expect(one.err()).toContain('changes are waited for'), WAIT);

  writeFileSync(rulesFile, RULES.replace('use: cutout', 'use: cutuot'));
  await vi.waitFor(() => expect(one.err()).toContain('stay in force'), WAIT);
  expect(one.err()).toContain('cutuot');

  writeFileSync(
    rulesFile,
    RULES.replace(
      'rules:\n',
      `  large@1:
    outputs:
      - { operation: super-resolution, into: 'large/{name}' }
rules:
  - { name: thumbs, when: { prefix: incoming/small/, suffix: .png }, use: large }
`,
    ),
  );
  await vi.waitFor(() => expect(one.err()).toMatch(/^update function .*on-upload/m), WAIT);
  const made = /^done {6}incoming\/small\/coffee\.png -> large\/coffee\.png/m;
  await vi.waitFor(() => expect(one.out()).toMatch(made), WAIT);
  expect(one.err()).not.toContain('not deployed');
}, 180_000);
