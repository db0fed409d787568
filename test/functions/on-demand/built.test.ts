import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DEPLOYED_FILE, writeDeployed } from '../../../shared/plan/deployed.ts';
import { ROOT } from '../../docs/pages.ts';
import { BUCKET, engineForTests, KEYS, REGION } from '../../local/engine-for-tests.ts';
import { rulesIn } from '../../run/studio.ts';
import { photo } from './photos.ts';

const RULES = `
templates:
  cutout@1: { outputs: [{ operation: goods-matting, into: 'cutouts/{stem}.png' }] }
rules: [{ name: products, when: { prefix: in/ }, use: cutout }]
http: { callers: [{ name: shop, templates: cutout }] }
`;

test('the function as it is built answers with nothing but its environment', async () => {
  const engine = await engineForTests({ buckets: [BUCKET, 'records-1250000000'] });
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-built-'));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
    await engine.stop();
  });
  const state = { bucket: 'records-1250000000', region: REGION, prefix: 'darkroom/' };
  const places = {
    ...{ appid: '1250000000', sources: [{ bucket: BUCKET, region: REGION }], outputs: [], state },
  };
  writeFileSync(join(folder, DEPLOYED_FILE), writeDeployed(rulesIn(RULES), places));
  copyFileSync(join(ROOT, 'dist', 'functions', 'on-demand', 'index.js'), join(folder, 'index.cjs'));
  const { main_handler } = createRequire(import.meta.url)(join(folder, 'index.cjs'));
  const context = { request_id: 'request-7', time_limit_in_ms: 30_000 };
  const ask = (httpMethod: string, path: string, body?: object) =>
    main_handler(
      {
        ...{ httpMethod, path, queryString: {}, headers: { 'x-api-key': 'a key' } },
        body: body ? JSON.stringify(body) : '',
      },
      context,
    );

  const early = await ask('GET', '/v1/health');
  expect([early.statusCode, JSON.parse(early.body).code]).toEqual([500, 'SETTINGS_INVALID']);

  const sha256 = createHash('sha256').update('a key').digest('hex');
  for (const [name, value] of Object.entries({
    DARKROOM_BUCKETS: `${BUCKET}@${REGION}`,
    DARKROOM_STATE: `${state.bucket}@${REGION}/${state.prefix}`,
    DARKROOM_ENDPOINT: engine.engine.url,
    DARKROOM_API_KEYS: `shop:${sha256}`,
    TENCENTCLOUD_SECRETID: KEYS.secretId,
    TENCENTCLOUD_SECRETKEY: KEYS.secretKey,
  })) {
    vi.stubEnv(name, value);
  }
  const health = await ask('GET', '/v1/health');
  expect([health.statusCode, health.headers['x-request-id']]).toEqual([200, 'request-7']);
  await photo(engine, 'in/mug.jpg');
  const made = await ask('POST', '/v1/runs', { template: 'cutout', key: 'in/mug.jpg' });
  expect(JSON.parse(made.body).receipts).toMatchObject([{ status: 'done' }]);
  const gone = await ask('POST', '/v1/runs', { template: 'cutout', key: 'in/mug.jpg', mode: 'go' });
  expect(gone.statusCode).toBe(202);
  expect((await ask('GET', gone.headers.location)).statusCode).toBe(200);
});
