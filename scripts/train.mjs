// npm run train [-- --check]: learns the filters that enlarge and sharpen from the pictures in
// scripts/training/pictures, or says whether those in the repository are what would be learnt.
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const outfile = join(root, 'dist', 'train.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['scripts/training/write-banks.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
const { writeBanks } = await import(outfile);
const differing = await writeBanks(root, { onlyCheck: process.argv.includes('--check') });
if (differing.length > 0) {
  console.error(`train: other weights would be learnt for ${differing.join(', ')}`);
  process.exitCode = 1;
}
