// npm run generate: writes the files that are made from the code (scripts/generated.ts).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'darkroom-generate-'));

try {
  const bundle = join(folder, 'generated.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['scripts/generated.ts'],
    outfile: bundle,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  const { generatedFiles } = createRequire(bundle)(bundle);
  for (const { path, text } of generatedFiles()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.error(`generate: wrote ${path}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
