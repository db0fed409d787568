// npm run check:components: does the vendor's framework read serverless.yml as we mean it?
//
// It installs @serverless/components apart, in a folder that is removed again: five hundred packages that
// nothing else needs. Its deployment cannot be tried without an account and a hosted engine; what runs here
// are its reader, its variables and its order of instances.
import { deepStrictEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');

/** What the file takes from the environment. The framework puts `undefined` where one is missing. */
const ENV = {
  DARKROOM_BUCKET: 'studio-1300001234',
  DARKROOM_REGION: 'ap-guangzhou',
  DARKROOM_CALLBACK_URL: 'https://1300001234-a1b2c3d4e5.ap-guangzhou.tencentscf.com',
  DARKROOM_CALLBACK_SECRETS: 'c'.repeat(64),
  DARKROOM_LINK_KEYS: 'l'.repeat(64),
  DARKROOM_API_KEYS: `pages:${'a'.repeat(64)}`,
};

const PACKAGE = {
  private: true,
  dependencies: { '@serverless/components': '3.18.2' },
  // A package deep below asks for a later one that was never to be had everywhere.
  overrides: { 'typedarray.prototype.slice': '1.0.5' },
};

function install(folder) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify(PACKAGE));
  const { status } = spawnSync(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: folder, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' },
  );
  if (status !== 0) throw new Error('@serverless/components cannot be installed');
}

function resolved(value) {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{env:(\w+)\}/g, (_, name) => {
      if (name in ENV) return ENV[name];
      throw new Error(
        `serverless.yml takes ${name} from the environment, and nobody says what it is`,
      );
    });
  }
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
}

const folder = mkdtempSync(join(tmpdir(), 'darkroom-components-'));
try {
  console.error('check:components: installing @serverless/components apart');
  install(folder);
  cpSync(join(root, 'serverless.yml'), join(folder, 'serverless.yml'));
  Object.assign(process.env, ENV, { SERVERLESS_PLATFORM_VENDOR: 'tencent' });
  const framework = createRequire(join(folder, 'package.json'))(
    '@serverless/components/src/cli/utils',
  );

  const ours = resolved(parse(readFileSync(join(root, 'serverless.yml'), 'utf8')));
  const read = framework.resolveVariables(framework.loadInstanceConfigUncached(folder));
  const { org: _, ...theirs } = read;
  deepStrictEqual(JSON.parse(JSON.stringify(theirs)), ours);

  const instances = framework.getAllComponents({ ...read, suite: read });
  const graph = framework.createGraph(framework.setDependencies(instances), 'deploy');
  deepStrictEqual(graph.nodes(), ['suite']);
  console.error('check:components: the framework reads serverless.yml as we mean it');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
