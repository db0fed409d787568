// npm run gallery: what operations make of pictures with a known answer, as a page and one large picture.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const bundle = join(root, 'dist', 'bench', 'gallery.mjs');

await build({
  absWorkingDir: root,
  entryPoints: ['bench/vision/gallery.ts'],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});

process.chdir(root);
const { hangGallery } = await import(pathToFileURL(bundle).href);
console.error(`gallery: ${await hangGallery(join(root, 'dist', 'gallery'))}`);
