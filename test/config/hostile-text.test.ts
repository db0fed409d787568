import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatProblems } from '../../shared/config/format-problems.ts';
import { readRules } from '../../shared/config/read-rules.ts';

const MEGABYTE = 1_000_000;

function filled(piece: string, before = '', after = ''): string {
  const room = MEGABYTE - before.length - after.length;
  return before + piece.repeat(Math.ceil(room / piece.length)).slice(0, room) + after;
}

const RULES = 'templates: {}\nrules:\n';

describe('a megabyte made to cost time or memory is refused quickly', () => {
  test.for([
    ['open lists', filled('[')],
    ['open maps', filled('{')],
    ['open maps in lists', filled('[{')],
    ['dashes', filled('- ')],
    ['question marks', filled('? ')],
    ['colons', filled(': ')],
    ['anchors', filled('&a ')],
    ['aliases', filled('*a ')],
    ['tags', filled('!a ')],
    ['quotes', filled('"')],
    ['one name again and again', filled('a:\n')],
    ['names, all of them different', keys()],
    ['indented deeper with each line', deeper()],
    ['directives', filled('%a\n')],
    ['documents', filled('---\n')],
    ['commas', filled(',', '[', ']')],
    ['empty rules', filled('1,', `${RULES}[`, ']')],
    ['rules that are nothing', filled('- {}\n', RULES)],
    ['unknown templates', filled('zzzzzzzzzz, ', `${RULES}- {name: a, when: {}, use: [`, ']}')],
    ['a pattern of braces', filled('{dir}', 'templates: {a@1: {outputs: [{into: "', '"}]}}')],
    ['a prefix', filled('a', `${RULES}- {name: a, use: b, when: {prefix: "`, '"}}')],
    ['a name of dashes and digits', filled('a-1', `${RULES}- {use: b, when: {}, name: "`, '"}')],
    ['broken escapes', filled('\\x', '"', '"')],
    ['line ends', filled('\n')],
    ['ten megabytes', '<a>'.repeat(3_500_000)],
  ] as const)('%s', { timeout: 20_000 }, ([, text]) => {
    const { ok, problems } = readRules(text, 'rules.yaml');
    expect(ok).toBe(false);
    expect(problems.length).toBeGreaterThan(0);
    expect(formatProblems(problems, text).length).toBeLessThan(500_000);
  });

  function keys(): string {
    return Array.from({ length: 90_000 }, (_, index) => `k${index}: 1`).join('\n');
  }

  function deeper(): string {
    return Array.from({ length: 1400 }, (_, index) => `${' '.repeat(index)}a:`).join('\n');
  }
});

describe('names that every object of JavaScript has', () => {
  test.for(['__proto__', 'constructor', 'prototype'])('%s cannot be a name', (name) => {
    for (const text of [
      `templates: {}\nrules: []\nlimits: { perRule: { ${name}: { requests: 1 } } }`,
      `templates: { ${name}: {} }\nrules: []`,
      `{ "templates": {}, "rules": [], "${name}": { "polluted": true } }`,
      `templates: {}\nrules: [{ name: r, when: { metadata: { ${name}: x } }, use: [] }]`,
    ]) {
      const { problems } = readRules(text, 'rules.yaml');
      expect(problems.map(({ code }) => code)).toContain('forbidden-text');
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('a rule called constructor would be found in every map of limits', () => {
    const { problems } = readRules(
      'templates: {}\nrules: [{ name: constructor, when: {}, use: [] }]',
      'rules.yaml',
    );
    expect(problems.map(({ code }) => code)).toEqual(['wrong-value']);
  });
});

describe('whatever the text', () => {
  const word = fc.constantFrom(
    ...'templates rules cutout@1 outputs operation goods-matting picture with into store as job'.split(
      ' ',
    ),
    ...'name when use prefix suffix limits perDay money schedule cron http sources state'.split(
      ' ',
    ),
    ...[
      ': ',
      '\n',
      '\n  ',
      '\n    - ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '"',
      "'",
      '|',
      '>',
      '#',
      '&a',
      '*a',
    ],
    ...[
      '!!js',
      '<<',
      '---\n',
      '%YAML 1.1\n',
      '\0',
      '\ud800',
      '\ufeff',
      '画像',
      '{dir}/',
      '1e999',
      'true',
      '~',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
    fc.json({ maxDepth: 6 }),
  );

  test('it is read or refused, each problem within the file, and nothing is thrown', () => {
    fc.assert(
      fc.property(text, (given) => {
        const { ok, problems } = readRules(given, 'rules.yaml');
        const lines = given.split('\n');
        if (!ok) expect(problems.length).toBeGreaterThan(0);
        for (const { line, column, length, message } of problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column + length).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 2);
          expect(message).not.toMatch(/[\0\n]/);
        }
        formatProblems(problems, given);
      }),
      { numRuns: 500 },
    );
  });
});
