import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIFFERENCE_HEADER } from '../../../local/cos/authenticate.ts';
import { ALLOW_WITH_HEADER, DENIED_HEADER } from '../../../local/cos/authorise.ts';
import { ADMIN_ROUTES } from '../../../local/engine/admin/routes.ts';
import { TOKEN_HEADER } from '../../../local/engine/admin.ts';
import { type Engine, startEngine } from '../../../local/engine/engine.ts';
import { FAULT_HEADER } from '../../../local/engine/fault-effects.ts';
import { NEW_SETTINGS } from '../../../local/scf/api/function-fields.ts';
import { ADMIN_HOST } from '../../../local/server/address.ts';
import { FAULT_BUCKET } from '../../../local/server/faults.ts';
import { fencesIn } from '../../../scripts/pages/fences.ts';
import { zipOf } from '../scf/zip-of.ts';
import { admin, BUCKET, signed } from './asking.ts';

const page = readFileSync('docs/engine.md', 'utf8');
const work = mkdtempSync(join(tmpdir(), 'darkroom-engine-page-'));
const data = join(work, '.darkroom', 'engine');

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ port: 0, buckets: [BUCKET], data });
  await signed(engine, 'PUT', 'in/mug.jpg', { body: 'a mug' });
  const wanted = { ...NEW_SETTINGS, region: 'ap-guangzhou', namespace: 'default', name: 'one' };
  const zip = Buffer.from(zipOf('exports.main_handler = async () => 1;'), 'base64');
  await engine.scf.functions.create({ ...wanted, runtime: 'Nodejs20.19', tags: [] }, zip);
  await engine.scf.functions.settled();
});
afterAll(async () => {
  await engine.stop();
  rmSync(work, { recursive: true, force: true });
});

test('the test that docs/engine.md shows is one of ours', () => {
  const [shown] = fencesIn(page).filter(({ language }) => language === 'ts');
  expect(shown?.text).toBe(readFileSync('test/local/engine/engine-in-a-test.test.ts', 'utf8'));
});

test.for([
  TOKEN_HEADER,
  FAULT_HEADER,
  DENIED_HEADER,
  ALLOW_WITH_HEADER,
  DIFFERENCE_HEADER,
  ADMIN_HOST,
  FAULT_BUCKET,
])('docs/engine.md calls %s by its name', (name) => {
  expect(page).toContain(`\`${name}\``);
});

test('the commands of docs/engine.md work as they stand', async () => {
  const [script = ''] = fencesIn(page)
    .map(({ text }) => text)
    .filter((text) => text.includes('curl '));
  writeFileSync(join(work, '.curlrc'), 'fail-with-body\nsilent\nshow-error\nnoproxy = *\n');
  const lines = script.replace(':9000', `:${engine.port}`);
  const env = { ...process.env, CURL_HOME: work };
  const { stdout } = await promisify(execFile)('bash', ['-euc', lines], { cwd: work, env });
  expect(script.match(/^curl /gm)?.length).toBeGreaterThan(3);
  expect(stdout).toContain('"effect": "throttle"');
  expect(stdout).toContain('"key": "in/mug.jpg"');
  expect(stdout).toContain('"loaded": "before"');
});

test('every request of the admin API that docs/engine.md lists is answered', async () => {
  for (const { method, path } of Object.values(ADMIN_ROUTES).flat()) {
    expect(page).toContain(`| \`${method} ${path}\` |`);
    if (path === '/reset') continue;
    const { is } = await admin(engine, `${method} ${path.replaceAll(/\{\w+\}/g, 'none')}`);
    expect(is.error?.there).toBeUndefined();
  }
});

describe('the data folder', () => {
  const [, table = ''] = page.split('| In the folder | What it is |\n');
  const named = Array.from(table.matchAll(/^\| `([^`]+)` \|/gm), ([, name = '']) => name);
  const patternOf = (name: string) =>
    new RegExp(`^${name.replaceAll('.', '\\.').replaceAll(/<\w+>/g, '[^/]+')}`);

  test('holds nothing that docs/engine.md does not name', async () => {
    await admin(engine, 'PUT /snapshots/named');
    const found = filesBelow(data);
    expect(found.filter((file) => !named.some((name) => patternOf(name).test(file)))).toEqual([]);
  });

  test.for(named.filter((name) => !name.includes('found')))('holds %s', (name) => {
    expect(filesBelow(data).filter((file) => patternOf(name).test(file))).not.toEqual([]);
  });
});

/** All files by their paths from the folder, and folders that are empty, which end in a slash. */
function filesBelow(folder: string, path = ''): readonly string[] {
  const names = readdirSync(join(folder, path));
  if (names.length === 0) return [`${path}/`];
  return names.flatMap((name) => {
    const inside = join(path, name);
    const isFolder = statSync(join(folder, inside)).isDirectory();
    return isFolder ? filesBelow(folder, inside) : [inside];
  });
}
