// Builds dist/: the command, the kernels for pixels, and each function as one CommonJS file.
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildKernels } from './scripts/kernels.mjs';

const root = import.meta.dirname;
const functions = (
  existsSync(join(root, 'functions')) ? readdirSync(join(root, 'functions')) : []
).filter((name) => existsSync(join(root, 'functions', name, 'handler.ts')));

rmSync(join(root, 'dist', 'cli'), { recursive: true, force: true });
rmSync(join(root, 'dist', 'functions'), { recursive: true, force: true });

await Promise.all([
  buildKernels(),
  build({
    absWorkingDir: root,
    entryPoints: ['cli/darkroom.ts'],
    outdir: 'dist/cli',
    bundle: true,
    splitting: true, // each command is loaded when it is called, so that none pays for another
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  }),
  build({
    absWorkingDir: root,
    entryPoints: ['local/ci/pictures/picture-worker.ts'],
    outfile: 'dist/local/picture-worker.mjs',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  }),
  build({
    absWorkingDir: root,
    entryPoints: ['local/video/video-worker.ts'],
    outfile: 'dist/local/video-worker.mjs',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  }),
  build({
    absWorkingDir: root,
    entryPoints: ['local/scf/host/function-process.ts'],
    outfile: 'dist/local/function-process.cjs',
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  }),
  ...functions.map((name) =>
    build({
      absWorkingDir: root,
      entryPoints: [`functions/${name}/handler.ts`],
      outfile: `dist/functions/${name}/index.js`,
      bundle: true,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      minify: true,
      logLevel: 'warning',
    }),
  ),
]);

// npm allows a command to be run when it links it, and never again after a build.
chmodSync(join(root, 'dist', 'cli', 'darkroom.js'), 0o755);
