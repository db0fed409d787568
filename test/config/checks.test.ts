import { describe, expect, test } from 'vitest';
import { CHECK_EXAMPLES, SOME_PLACES, SOME_TEMPLATES } from '../../shared/config/check-examples.ts';
import { CHECKS, type CheckCode } from '../../shared/config/checks.ts';
import { readRules } from '../../shared/config/read-rules.ts';

const now = Date.UTC(2026, 0, 1);

function found(code: CheckCode, which: 'wrong' | 'right') {
  const { places = SOME_PLACES, [which]: example } = CHECK_EXAMPLES[code];
  const templates = /^templates:/m.test(example) ? '' : SOME_TEMPLATES;
  const rules = /^rules:/m.test(example) ? '' : 'rules: []\n';
  const text = `${templates}${rules}${example}`;
  return readRules(text, 'rules.yaml', { places, now });
}

describe('every check finds its example and leaves the nearest right thing alone', () => {
  const codes = Object.keys(CHECKS) as CheckCode[];

  test.for(codes)('%s', (code) => {
    const { ok, problems } = found(code, 'wrong');
    const problem = problems.find((one) => one.code === code);

    expect(problem?.severity).toBe(CHECKS[code].severity);
    expect(ok).toBe(CHECKS[code].severity === 'warning');
    expect(found(code, 'right').problems.map((one) => one.code)).not.toContain(code);
  });

  test.for(codes.filter((code) => code !== 'too-deep'))(
    'what is right about %s is right altogether',
    (code) => {
      expect(found(code, 'right').problems).toEqual([]);
    },
  );
});
