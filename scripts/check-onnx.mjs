// npm run check:onnx: installs the native runtime of ONNX models in a folder of its own, for this
// once, and compares what it answers with what the one that comes along does.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const VERSION = '1.30.0';
const root = join(import.meta.dirname, '..');
const folder = join(root, 'dist', 'onnx');
const outfile = join(folder, 'disagreement.mjs');

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{ "private": true }');
const { status } = spawnSync(
  'npm',
  ['install', '--no-audit', '--no-fund', '--loglevel=error', `onnxruntime-node@${VERSION}`],
  {
    cwd: folder,
    stdio: 'inherit',
    // What its script would fetch is for graphics cards.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    shell: process.platform === 'win32',
  },
);
if (status !== 0) process.exit(1);
await build({
  absWorkingDir: root,
  entryPoints: ['scripts/onnx/disagreement.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
const { disagreement } = await import(outfile);
for (const [model, most] of Object.entries(await disagreement(root))) {
  const fine = most <= 1e-5;
  console.log(`${model}: ${most.toExponential(1)} ${fine ? 'apart, which is fine' : 'apart'}`);
  if (!fine) process.exitCode = 1;
}
