// Builds dist/: the command, the kernels for pixels, and each function as one CommonJS file.
//   node esbuild.config.mjs --functions   builds only the functions
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildKernels } from './scripts/kernels.mjs';

const root = import.meta.dirname;
const functions = (
  existsSync(join(root, 'functions')) ? readdirSync(join(root, 'functions')) : []
).filter((name) => existsSync(join(root, 'functions', name, 'handler.ts')));

const { dependencies, optionalDependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);
const packages = Object.keys({ ...dependencies, ...optionalDependencies });

/** What the command needs of these is a fraction of the files that it would load otherwise. */
const BUNDLED = ['commander', 'fflate', 'yaml', 'zod'];

/** Two of them ask for parts of Node by `require`. */
const BANNER = [
  '#!/usr/bin/env node',
  "import { createRequire as requireFrom } from 'node:module';",
  'const require = requireFrom(import.meta.url);',
].join('\n');

const onlyFunctions = process.argv.includes('--functions');

// A function that is no more must not be deployed any more.
rmSync(join(root, 'dist', 'functions'), { recursive: true, force: true });
await Promise.all([
  ...(onlyFunctions ? [] : [buildCommand(), buildKernels(), buildWorkers()]),
  ...functions.map((name) =>
    bundle({
      entryPoints: [`functions/${name}/handler.ts`],
      outfile: `dist/functions/${name}/index.js`,
      format: 'cjs',
      minify: true,
    }),
  ),
]);

function bundle(options) {
  return build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    ...options,
  });
}

async function buildCommand() {
  rmSync(join(root, 'dist', 'cli'), { recursive: true, force: true });
  await bundle({
    entryPoints: ['cli/darkroom.ts'],
    outdir: 'dist/cli',
    splitting: true, // each command is loaded when it is called, so that none pays for another
    format: 'esm',
    external: packages.filter((name) => !BUNDLED.includes(name)),
    banner: { js: BANNER },
  });
  // npm allows a command to be run when it links it, and never again after a build.
  chmodSync(join(root, 'dist', 'cli', 'darkroom.js'), 0o755);
}

/** What runs in threads and processes of the engine's own. */
async function buildWorkers() {
  await Promise.all([
    ...[
      ['local/ci/pictures/picture-worker.ts', 'dist/local/picture-worker.mjs'],
      ['local/video/video-worker.ts', 'dist/local/video-worker.mjs'],
    ].map(([from, outfile]) =>
      bundle({ entryPoints: [from], outfile, format: 'esm', packages: 'external' }),
    ),
    bundle({
      entryPoints: ['local/scf/host/function-process.ts'],
      outfile: 'dist/local/function-process.cjs',
      format: 'cjs',
    }),
  ]);
}
