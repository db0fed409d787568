// Compiles the kernels for pixels: every file of local/vision/kernels/assembly becomes one module of
// WebAssembly in dist/local/kernels. When no source changed nothing is compiled.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const sources = join(root, 'local', 'vision', 'kernels', 'assembly');
const built = join(root, 'dist', 'local', 'kernels');
const stampFile = join(built, '.stamp');

/** What a module may have: 512 MB, and tables of its own below what it is given to work with. */
const OPTIONS = [
  ...['--runtime', 'stub', '--importMemory', '--initialMemory', '2', '--maximumMemory', '8192'],
  ...['--lowMemoryLimit', '65536', '--enable', 'simd', '-O3', '--converge', '--noAssert'],
];

export async function buildKernels() {
  const files = readdirSync(sources, { recursive: true }).filter((each) => each.endsWith('.ts'));
  const stamp = stampOf(files.sort());
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  rmSync(built, { recursive: true, force: true });
  mkdirSync(built, { recursive: true });
  const { default: asc } = await import('assemblyscript/asc');
  for (const file of files.filter((each) => !/[\\/]/.test(each))) await compile(asc, file);
  writeFileSync(stampFile, stamp);
}

function stampOf(files) {
  const version = readFileSync(join(root, 'node_modules/assemblyscript/package.json'), 'utf8');
  const hash = createHash('sha256').update(version + OPTIONS.join(' '));
  for (const file of files) hash.update(file).update(readFileSync(join(sources, file)));
  return hash.digest('hex');
}

async function compile(asc, file) {
  const outFile = join(built, file.replace(/\.ts$/, '.wasm'));
  const said = [];
  const { error } = await asc.main([file, '--baseDir', sources, '--outFile', outFile, ...OPTIONS], {
    stderr: { write: (text) => said.push(text) },
  });
  if (error) throw new Error(`${file} cannot be compiled: ${error.message}\n${said.join('')}`);
}
