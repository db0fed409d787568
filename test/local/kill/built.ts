import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../../..');
let count = 0;

/**
 * Builds an entry the way the command is built, and gives the path of what came of it. Apart from
 * dist/cli: whoever builds that takes it away from those who run it.
 */
export async function built(entry: string): Promise<{ readonly path: string; remove(): void }> {
  const folder = join(ROOT, 'dist', `test-${process.pid}-${count++}`);
  await build({
    absWorkingDir: ROOT,
    entryPoints: { main: entry },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  return {
    path: join(folder, 'main.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
