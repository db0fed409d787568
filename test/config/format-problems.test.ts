import { expect, test } from 'vitest';
import { formatProblems } from '../../shared/config/format-problems.ts';
import type { Problem } from '../../shared/config/problem.ts';
import { readRules } from '../../shared/config/read-rules.ts';

const problem: Problem = {
  file: 'rules.yaml',
  line: 1,
  column: 1,
  length: 1,
  severity: 'error',
  code: 'wrong-value',
  message: 'This is wrong',
};

test('a problem is shown with its line, a mark under what is meant, and what would be right', () => {
  const text = 'templates: {}\nrules:\n  - name: products\n    whn: {}\n    use: []\n';
  const { problems } = readRules(text, 'rules.yaml');

  expect(formatProblems(problems, text)).toBe(
    [
      'rules.yaml:3:5 error missing: "when" is missing',
      '  3 |   - name: products',
      '    |     ^^^^',
      '',
      'rules.yaml:4:5 error unknown-key: No setting here is called "whn"',
      '  4 |     whn: {}',
      '    |     ^^^',
      '  Did you mean "when"?',
    ].join('\n'),
  );
});

test('the mark stands below Chinese text and behind tabs where the eye expects it', () => {
  expect(formatProblems([{ ...problem, column: 6, length: 2 }], '"图片": 坏的')).toBe(
    [
      'rules.yaml:1:6 error wrong-value: This is wrong',
      '  1 | "图片": 坏的',
      '    |        ^^^',
    ].join('\n'),
  );
  expect(formatProblems([{ ...problem, column: 3 }], '\t\tx')).toContain('\n    | \t\t^');
});

test('of a long line only what is around the mistake is shown', () => {
  const text = `${'a'.repeat(5000)}WRONG${'b'.repeat(5000)}`;
  const [, line = '', mark = ''] = formatProblems(
    [{ ...problem, column: 5001, length: 5 }],
    text,
  ).split('\n');

  expect(line.length).toBeLessThan(120);
  expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('WRONG');
});

test('what a line holds cannot command the terminal', () => {
  expect(formatProblems([problem], 'a: \u001b[2J\u009b31m\r')).not.toMatch(/[\u001b\u009b\r]/);
});
