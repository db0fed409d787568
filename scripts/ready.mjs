// Makes ready what is missing, says so, and is silent when nothing is.
// Uses nothing but Node: it runs before anything is installed.
//   node scripts/ready.mjs             packages and dist/
//   node scripts/ready.mjs --browser   also a browser and ffmpeg, for the tests that need them
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const say = (text) => console.error(`ready: ${text}`);

function stop(text) {
  say(text);
  process.exit(1);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  stop(`Darkroom needs Node 20.19 or newer; this is ${process.version}`);
}
const root = join(import.meta.dirname, '..'); // an older Node has no dirname here

function run(command, args, hint = '') {
  // Standard output belongs to whoever called us; what tools say goes to standard error.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) {
    stop(`"${command} ${args.join(' ')}" failed${error ? `: ${error.message}` : ''}${hint}`);
  }
}

const hash = (text) => createHash('sha256').update(text).digest('hex');

/** Does the work when the stamp differs, and renews it only when the work came to its end. */
function whenChanged(stampFile, stamp, says, work) {
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  say(says);
  work();
  writeFileSync(stampFile, stamp);
}

const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
whenChanged(
  join(root, 'node_modules', '.ready'),
  hash(lock + process.versions.modules + process.arch),
  'installing the packages of the lock file',
  () =>
    run(
      'npm',
      ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
      '. The packages come from the registry that npm is set to: can it be reached from here?',
    ),
);

/** Names, sizes and times of all that goes into dist/; reading the bytes would cost more. */
function traceOf(path) {
  const { mtimeMs, size } = statSync(path);
  if (!statSync(path).isDirectory()) return `${path} ${mtimeMs} ${size}\n`;
  return readdirSync(path)
    .sort()
    .map((name) => traceOf(join(path, name)))
    .join('');
}

const inputs = [
  'functions',
  'shared',
  'infra',
  'local',
  'cli',
  'esbuild.config.mjs',
  'scripts/kernels.mjs',
  'package.json',
]
  .map((name) => join(root, name))
  .filter(existsSync);
mkdirSync(join(root, 'dist'), { recursive: true });
whenChanged(
  join(root, 'dist', '.ready'),
  hash(lock + inputs.map(traceOf).join('')),
  'building dist/',
  () => run(process.execPath, ['esbuild.config.mjs']),
);

if (process.argv.includes('--browser')) {
  const { createRequire } = await import('node:module');
  const packaged = () => {
    try {
      // The program is in a package of its own for each kind of machine, which may be left out.
      const here = createRequire(import.meta.url);
      const own = createRequire(here.resolve('@ffmpeg-installer/ffmpeg/package.json'));
      own.resolve(`@ffmpeg-installer/${process.platform}-${process.arch}/package.json`);
      return true;
    } catch {
      return false;
    }
  };
  if (!packaged() && spawnSync('ffmpeg', ['-version']).status !== 0) {
    stop(
      "the tests of videos need ffmpeg: install the system's (such as apt-get install ffmpeg), or the " +
        'optional package @ffmpeg-installer/ffmpeg (npm ci --include=optional)',
    );
  }
  const { browserPath } = await import('./browser.mjs');
  if (!browserPath()) {
    const debian = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
    if (!debian) {
      stop('the browser tests need Chrome or Chromium: install it, or name it in DARKROOM_BROWSER');
    }
    say("installing Debian's chromium for the browser tests");
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-qq', '-y', '--no-install-recommends', 'chromium']);
    if (!browserPath()) stop('chromium was installed and still cannot be found');
  }
}
