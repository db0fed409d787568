import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { darkroomSays } from '../../scripts/pages/darkroom-says.ts';
import { readRules } from '../../shared/config/read-rules.ts';
import { SETTINGS } from '../../shared/config/setting-names.ts';
import { readSettings } from '../../shared/config/settings.ts';
import { globTest } from '../../shared/plan/glob.ts';
import { OVERRIDE_METADATA } from '../../shared/plan/overrides.ts';
import { ROOT, textOf } from './pages.ts';

/** The cells of a table, without its head. */
function rowsBelow(heading: string, page: string): readonly (readonly string[])[] {
  const [, below = ''] = page.split(`${heading}\n`);
  const [rows = ''] = /(?:^\|.*\n)+/m.exec(below) ?? [];
  return rows
    .trim()
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').slice(1, -1));
}

const codesIn = (cell = '') => Array.from(cell.matchAll(/`([^`]+)`/g), ([, text = '']) => text);

describe('docs/commands.md', () => {
  const page = textOf('docs/commands.md');
  const commands = readdirSync(join(ROOT, 'cli')).filter(
    (file) =>
      file.endsWith('.ts') &&
      /defineCommand\(\{/.test(readFileSync(join(ROOT, 'cli', file), 'utf8')),
  );

  test.for(commands.map((file) => file.replace('.ts', '').replace('deploy-', 'deploy ')))(
    'knows %s and each of its options',
    async (name) => {
      const { printed, exitCode } = await darkroomSays(`npx darkroom ${name} --help`, ROOT);
      const [, section = ''] = page.split(`## ${name}\n`);
      const options = Array.from(
        printed.matchAll(/^ {2}(--[a-z-]+)/gm),
        ([, option = '']) => option,
      );

      expect(exitCode).toBe(0);
      expect(options.length).toBeGreaterThan(0);
      for (const option of options) expect(section).toContain(`\`${option}`);
    },
  );
});

describe('docs/rules.md', () => {
  const page = textOf('docs/rules.md');

  test.for(rowsBelow('### Globs', page))('the glob %s fits %s and not %s', ([glob, fits, not]) => {
    const [pattern = ''] = codesIn(glob);
    for (const key of codesIn(fits)) expect(globTest(pattern)(key)).toBe(true);
    for (const key of codesIn(not)) expect(globTest(pattern)(key)).toBe(false);
  });

  test('what an object may say itself is all that a rule can allow', () => {
    const rows = rowsBelow('### What an object may say itself', page);
    const said = rows.map(([allow, header]) => [codesIn(allow)[0], codesIn(header)[0]]);
    const known = Object.entries(OVERRIDE_METADATA);
    expect(said).toEqual(known.map(([allow, name]) => [allow, `x-cos-meta-${name}`]));
  });

  const output = '{ operation: goods-matting, store: false }';
  const templates = (count: number) =>
    Array.from({ length: count }, (_, at) => `  a@${at + 1}: { outputs: [${output}] }\n`).join('');
  const rules = (count: number) =>
    Array.from(
      { length: count },
      (_, at) => `  - { name: r${at}, when: {}, use: a, enabled: false }\n`,
    ).join('');
  const outputs = (count: number) => Array.from({ length: count }, () => output).join(', ');
  const uses = (count: number) => Array.from({ length: count }, () => 'a').join(', ');
  const prefixes = (count: number) =>
    Array.from({ length: count }, (_, at) => `p${at}/`).join(', ');

  test.for([
    ['1,000,000 bytes', 1_000_000, sized],
    ['200 templates', 200, (count: number) => `templates:\n${templates(count)}rules: []\n`],
    ['1,000 rules', 1000, (count: number) => `templates:\n${templates(1)}rules:\n${rules(count)}`],
    [
      '20 outputs of a template',
      20,
      (count: number) => `templates: { a@1: { outputs: [${outputs(count)}] } }\nrules: []\n`,
    ],
    [
      '20 templates of a rule',
      20,
      (count: number) =>
        `templates:\n${templates(1)}rules: [{ name: r, when: {}, use: [${uses(count)}] }]\n`,
    ],
  ] as const)('the bound of %s is one', ([says, most, file]) => {
    expect(page.replaceAll('\n  ', ' ')).toContain(says);
    const errors = (count: number) =>
      readRules(file(count), 'rules.yaml').problems.filter(({ severity }) => severity === 'error');
    expect(errors(most)).toEqual([]);
    expect(errors(most + 1)[0]?.code).toMatch(/too-(many|large)|wrong-value/);
  });

  test('more than 30,000 combinations are refused before any pair is compared', () => {
    const when = `{ prefix: [${prefixes(76)}], suffix: [${prefixes(100)}] }`;
    const { problems } = readRules(
      `templates: { a@1: { outputs: [${outputs(3)}] } }\nrules: [{ name: r, when: ${when}, use: a }]\n`,
      'rules.yaml',
    );
    expect(page.replaceAll('\n  ', ' ')).toContain('30,000 combinations');
    expect(problems.map(({ message }) => message).join()).toContain('30400; 30000 are checked');
  });

  function sized(bytes: number): string {
    const text = `templates:\n${templates(1)}rules: []\n# `;
    return text + 'a'.repeat(bytes - text.length);
  }
});

test('the examples of docs/settings.md can be set as they stand', () => {
  const shown = Object.entries(SETTINGS).filter(([, setting]) => !('secret' in setting));
  const env = Object.fromEntries(shown.map(([name, { example }]) => [name, example]));
  expect(readSettings(env)).toMatchObject({ ok: true });
});

test('docs/dependencies.md has a line for every package that is depended on, and no other', () => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  const page = textOf('docs/dependencies.md');
  for (const [heading, packages] of [
    ['## When it runs', dependencies],
    ['## When it is built and tested', devDependencies],
  ]) {
    const said = rowsBelow(heading, page).map(([name]) => codesIn(name)[0] ?? '');
    expect(said.toSorted()).toEqual(Object.keys(packages).toSorted());
  }
});
