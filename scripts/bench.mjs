// npm run bench [-- name...]: runs bench/<name>.bench.ts, each in a process of its own.
// A bench measures us and what a user would pick instead in the same run, and prints ratios.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const known = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`bench: there is no "${unknown.join('", "')}"; there are ${known.join(', ')}`);
  process.exit(2);
}

for (const name of asked.length > 0 ? asked : known) {
  const outfile = join(root, 'dist', 'bench', `${name}.mjs`);
  await build({
    absWorkingDir: root,
    stdin: {
      contents: `import { run, title } from './bench/${name}.bench.ts';
        console.log(title);
        await run((line) => console.log('  ' + line));
        process.exit(0);`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  const { status } = spawnSync(process.execPath, ['--expose-gc', outfile], {
    stdio: 'inherit',
    cwd: root,
  });
  if (status !== 0) process.exitCode = 1;
}
