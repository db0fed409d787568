// npm run generate: writes the files that are made from the code (scripts/generated.ts).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const bundle = join(root, 'dist', 'generate', 'generated.mjs');

await build({
  absWorkingDir: root,
  entryPoints: ['scripts/generated.ts'],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  external: ['*/local/engine/engine.ts'], // no page is made by starting it
  logLevel: 'warning',
});

const { generatedFiles } = await import(pathToFileURL(bundle).href);
for (const { path, text } of await generatedFiles(root)) {
  const file = join(root, path);
  if (readOrNothing(file) === text) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.error(`generate: wrote ${path}`);
}

function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
