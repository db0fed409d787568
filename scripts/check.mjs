// npm run check: types, lint and format, dead exports and dependencies, the import table.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);

const CHECKS = [
  ['types', bin('tsc'), []],
  ['lint', bin('biome'), ['ci', '--colors=off', '--max-diagnostics=30', '.']],
  ['dead code', bin('knip'), ['--no-progress']],
  ['imports', process.execPath, [join(root, 'scripts', 'imports.mjs')]],
];

/** Runs one check to its end and keeps what it printed, so that four at once stay readable. */
function run([name, command, args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root });
    let printed = '';
    child.stdout.on('data', (text) => (printed += text));
    child.stderr.on('data', (text) => (printed += text));
    child.on('error', (error) => resolve({ name, ok: false, printed: error.message }));
    child.on('close', (code) => resolve({ name, ok: code === 0, printed }));
  });
}

const results = await Promise.all(CHECKS.map(run));
for (const { name, ok, printed } of results) {
  if (!ok) console.error(`\ncheck: ${name} failed\n${printed.trimEnd()}`);
}
if (results.every(({ ok }) => ok))
  console.error('check: types, lint, dead code and imports are fine');
else process.exitCode = 1;
