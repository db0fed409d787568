import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, textOf } from './pages.ts';

const FILES = ['README.md', 'CONTRIBUTING.md', 'rules.yaml', 'package.json'];

const copy = mkdtempSync(join(tmpdir(), 'darkroom-operation-'));
afterAll(() => rmSync(copy, { recursive: true }));

/** What the guide says to write, by the file that its first line names. */
const written = new Map(
  Array.from(
    textOf('CONTRIBUTING.md').matchAll(/^ {3}```ts\n([\s\S]*?)^ {3}```$/gm),
    ([, text]) => {
      const [first = '', ...lines] = (text ?? '').replaceAll(/^ {3}/gm, '').split('\n');
      return [first.replace('// ', ''), lines.join('\n')] as const;
    },
  ),
);

const piece = (file: string) => written.get(file) ?? '';

function change(file: string, before: string | RegExp, after: string): void {
  const text = readFileSync(join(copy, file), 'utf8');
  const changed = text.replace(before, () => after);
  expect(changed).not.toBe(text);
  writeFileSync(join(copy, file), changed);
}

function generate(): void {
  execFileSync(process.execPath, ['scripts/generate.mjs'], { cwd: copy, stdio: 'pipe' });
}

beforeAll(() => {
  for (const part of ['shared', 'infra', 'local', 'cli', 'scripts', 'docs', ...FILES]) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
});

test('whoever follows the guide has an operation that can be checked, planned and looked up', () => {
  const operation = 'shared/operations/posterise.ts';
  const catalogue = 'shared/operations/catalogue.ts';
  const examples = 'scripts/pages/operation-examples.ts';

  writeFileSync(join(copy, operation), piece(operation));
  const [imported = '', listed = ''] = piece(catalogue).trimEnd().split('\n');
  change(catalogue, /^import type/m, `${imported}\nimport type`);
  change(catalogue, '  picture,\n', `  picture,\n${listed}\n`);
  expect(generate).toThrow('has none for "posterise"');

  change(examples, '  picture: {\n', `${piece(examples)}  picture: {\n`);
  generate();
  const generated = (file: string) => readFileSync(join(copy, file), 'utf8');
  expect(generated('docs/operations.md')).toContain(
    '| `colours` | a whole number from 2 to 64 | `8` |',
  );
  expect(generated('docs/rules.schema.json')).toContain('How many colours to leave.');
  const [, section = ''] = generated('docs/rules.md').split('### Example: posterise');
  expect(section.split('###')[0]).toContain(
    'paintings/harbour.jpg (1000000 bytes)\n  paintings: posterise -> posters/paintings/harbour.jpg\n',
  );
});
