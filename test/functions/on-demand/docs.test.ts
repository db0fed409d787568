import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fencesIn } from '../../../scripts/pages/fences.ts';
import { carryOutRun } from '../../../shared/run/runs.ts';
import { readUploadResult } from '../../../shared/wire/upload-result.ts';
import { textOf } from '../../docs/pages.ts';
import { type EngineForTests, engineForTests } from '../../local/engine-for-tests.ts';
import { rulesIn } from '../../run/studio.ts';
import { Desk, SHOP_KEY } from './desk.ts';
import { photo, photoBytes } from './photos.ts';
import { served } from './served.ts';

const FENCES = fencesIn(textOf('docs/on-demand.md'));
const folder = mkdtempSync(join(tmpdir(), 'darkroom-curl-'));

let engine: EngineForTests;
let desk: Desk;
let onDemand: Awaited<ReturnType<typeof served>>;
beforeAll(async () => {
  engine = await engineForTests();
  const rules = FENCES.find(({ language }) => language === 'yaml')?.text ?? '';
  desk = new Desk(engine, { rules: rulesIn(rules) });
  onDemand = await served(() => desk);
  await photo(engine, 'incoming/products/mug.jpg');
});
afterAll(async () => {
  await onDemand.close();
  await engine.stop();
  rmSync(folder, { recursive: true });
});

test('what the page types with curl is answered as the page says', async () => {
  const [plan, wait, go, run, show, ...more] = FENCES.filter(({ about }) => about === 'curl');
  expect(more).toEqual([]);
  const env = { PATH: process.env['PATH'], DARKROOM_URL: onDemand.url, DARKROOM_API_KEY: SHOP_KEY };
  const typed = async (fence: typeof plan, RUN = '') => {
    const options = { cwd: folder, env: { ...env, RUN } };
    return (await promisify(execFile)('sh', ['-c', fence?.text ?? 'false'], options)).stdout;
  };

  expect(JSON.parse(await typed(plan)).explained).toContain('-> cutouts/incoming/products/mug.png');
  expect(JSON.parse(await typed(wait)).receipts).toMatchObject([{ status: 'done' }]);
  const [, id = ''] = /^location: \/v1\/runs\/(\S+)\r$/m.exec(await typed(go)) ?? [];
  await carryOutRun(id, desk.suite);
  expect(JSON.parse(await typed(run, id))).toMatchObject({ state: 'carried-out' });
  await typed(show);
  expect(readFileSync(join(folder, 'mug.png')).subarray(1, 4).toString()).toBe('PNG');
});

test('what the page does with a ticket stores a picture and what is made of it', async () => {
  const code = FENCES.find(({ language }) => language === 'ts')?.text ?? '';
  const inPage = new Function('url', 'key', 'file', `return (async () => {${code}})();`);
  const file = new Blob([new Uint8Array(await photoBytes())]);
  const { results } = readUploadResult(await inPage(onDemand.url, SHOP_KEY, file));
  expect(results.map(({ key }) => key)).toEqual(['cutouts/incoming/products/cup.png']);
});
