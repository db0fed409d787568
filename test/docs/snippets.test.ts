import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { darkroomSays } from '../../scripts/pages/darkroom-says.ts';
import { fileOf, wholeRules } from '../../scripts/pages/snippet-rules.ts';
import { readRules } from '../../shared/config/read-rules.ts';
import { PAGES, ROOT, snippets, textOf } from './pages.ts';

const now = Date.UTC(2026, 0, 1);
const LANGUAGES = ['yaml', 'sh', 'console', 'text', 'ts', 'json', 'mermaid'];

test.for(PAGES)('every piece of %s says what it is written in', (page) => {
  const opened = Array.from(textOf(page).matchAll(/^ *```(.*)$/gm), ([, about]) => about ?? '');
  const openings = opened.filter((_, index) => index % 2 === 0);
  expect(opened.length % 2).toBe(0);
  for (const about of openings) expect(LANGUAGES).toContain(about.split(' ')[0]);
});

describe('every rules file that a page shows', () => {
  const right = snippets('yaml').filter(([, { about }]) => about === '');
  // What a check finds in its example is shown beside it, and tested where the checks are.
  const wrong = snippets('yaml').filter(
    ([name, { about }]) => about === 'wrong' && !name.endsWith('docs/checks.md'),
  );

  test.for(right)('%s has no problem', ([, { text }]) => {
    expect(readRules(wholeRules(text), fileOf(text), { now }).problems).toEqual([]);
  });

  test.for(wrong)('%s is wrong, as the page says', ([, { text }]) => {
    expect(readRules(wholeRules(text), fileOf(text), { now }).ok).toBe(false);
  });

  test.for(right.filter(([, { text }]) => fileOf(text) !== 'rules.yaml'))(
    '%s is the file that it names',
    ([, { text }]) => {
      expect(readFileSync(join(ROOT, fileOf(text)), 'utf8')).toBe(text);
    },
  );
});

describe('every command that a page shows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-docs-'));
  copyFileSync(join(ROOT, 'rules.yaml'), join(folder, 'rules.yaml'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  // What is typed with curl has a test that answers it: test/functions/on-demand/docs.test.ts.
  const typed = snippets('sh').filter(([, { about }]) => about !== 'curl');
  const lines = typed.flatMap(([name, { text }]) =>
    text
      .trim()
      .split('\n')
      .map((line) => [line, name] as const),
  );

  test.for(lines)('%s, in %s', async ([line]) => {
    const [program = '', ...words] = line.split(' ');
    if (program === 'npm') {
      expect(Object.keys(scripts)).toContain(words[0] === 'run' ? words[1] : words[0]);
    } else if (program === 'node') {
      expect(existsSync(join(ROOT, words.at(-1) ?? ''))).toBe(true);
    } else {
      expect((await darkroomSays(line, folder)).exitCode).toBe(0);
    }
  });
});
