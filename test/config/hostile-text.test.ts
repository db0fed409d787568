import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SOME_PLACES } from '../../shared/config/check-examples.ts';
import { formatProblems } from '../../shared/config/format-problems.ts';
import { readRules } from '../../shared/config/read-rules.ts';
import { compileRules, readCompiledRules } from '../../shared/plan/compiled-rules.ts';

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
    ['quotes', filled('"')],
    ['one name again and again', filled('a:\n')],
    ['names, all of them different', keys()],
    ['indented deeper with each line', deeper()],
    ['directives', filled('%a\n')],
    ['commas', filled(',', '[', ']')],
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

test('few rules that say very much by lists are refused before they are compared', () => {
  const list = (prefix: string) => Array.from({ length: 60 }, (_, index) => `${prefix}${index}`);
  const rules = Array.from({ length: 100 }, (_, index) => ({
    name: `r${index}`,
    when: { prefix: list(`in${index}/`), suffix: list('.x') },
    use: 'cutout',
  }));
  const outputs = [{ operation: 'goods-matting', into: 'out/{dir}/{name}.png' }];
  const text = JSON.stringify({ templates: { 'cutout@1': { outputs } }, rules });

  const { ok, problems } = readRules(text, 'rules.yaml');
  expect(ok).toBe(false);
  expect(problems.map(({ code }) => code)).toEqual(['too-many']);
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

  test('rules that are accepted are in force as they were read', () => {
    const mostly = <T>(right: readonly T[], wrong: readonly T[]) =>
      fc.oneof(
        { weight: 19, arbitrary: fc.constantFrom(...right) },
        { weight: 1, arbitrary: fc.constantFrom(...wrong) },
      );
    const glob = mostly(['in/**', '*.jpg', '**/a?{b,c}.jpg'], ['{', '']);
    const output = fc.record(
      {
        operation: mostly(['enhance', 'colouring'], ['goods-matting', 'none']),
        into: mostly(
          ['out/{dir}/{name}', 'out/{stem}-{etag8}.jpg', 'new/{yyyy}/{name}'],
          ['in/{name}', '{dir}/{stem}.png', 'darkroom/{stem}', '{stm}', 'x//{ext}'],
        ),
        as: fc.constant('job'),
        whenItFails: mostly(['retry', 'ignore'], ['original']),
      },
      { requiredKeys: ['operation', 'into'] },
    );
    const rule = fc.record(
      {
        name: fc.constantFrom('a', 'b', 'c', 'd'),
        when: fc.record(
          {
            prefix: mostly(['in/', 'in/a', ['in/b/', 'in/c/']], ['', 'out/', 'darkroom/', '/']),
            suffix: fc.constantFrom('.jpg', ['.jpg', '.png'], 'g'),
            include: glob,
            exclude: glob,
            maxBytes: mostly([5, 5000], [0, -1]),
            buckets: mostly(['studio', 'photos'], ['none']),
          },
          { requiredKeys: ['prefix'] },
        ),
        use: mostly(['t', 't@1'], ['t@2', 'u']),
        enabled: fc.boolean(),
      },
      { requiredKeys: ['name', 'when', 'use'] },
    );
    const outputs = fc.record({ outputs: fc.array(output, { minLength: 1, maxLength: 2 }) });
    const file = fc.record({
      templates: fc.record({ 't@1': outputs, 't@2': outputs }, { requiredKeys: ['t@1'] }),
      rules: fc.uniqueArray(rule, { maxLength: 3, selector: ({ name }) => name }),
    });
    let accepted = 0;
    fc.assert(
      fc.property(file, (given) => {
        const read = readRules(JSON.stringify(given, null, 1), 'rules.yaml', {
          places: SOME_PLACES,
        });
        expect(read.ok).toBe(!read.problems.some(({ severity }) => severity === 'error'));
        if (!read.ok) return;
        accepted += 1;
        expect(readCompiledRules(compileRules(read.rules))).toEqual(read.rules);
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});
