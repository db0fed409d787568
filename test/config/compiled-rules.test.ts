import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRules } from '../../shared/config/read-rules.ts';
import { compileRules, readCompiledRules } from '../../shared/plan/compiled-rules.ts';

const sample = readFileSync(join(import.meta.dirname, '..', '..', 'rules.yaml'), 'utf8');

function sampleRules() {
  const read = readRules(sample, 'rules.yaml');
  if (!read.ok) throw new Error('The sample rules have problems');
  return read.rules;
}

test('compiled rules come back as they were, each template once and shared', () => {
  const rules = sampleRules();
  const text = compileRules(rules);
  const back = readCompiledRules(text);

  expect(back).toEqual(rules);
  expect(back.rules[0]?.use[0]).toBe(back.templates[0]);
  expect(text.split('goods-matting')).toHaveLength(2);
});

test.for([
  ['edited by hand', (text: string) => text.replace('incoming/products/', 'incoming/')],
  ['cut off', (text: string) => text.slice(0, -10)],
  ['of another format', (text: string) => text.replace('"darkroom":1', '"darkroom":2')],
  ['a rules file', () => sample],
  ['nothing', () => 'null'],
  ['a map of nothing', () => '{"darkroom":1}'],
] as const)('a text that is %s is refused', ([, change]) => {
  const text = change(compileRules(sampleRules()));
  expect(() => readCompiledRules(text)).toThrow(expect.objectContaining({ code: 'RULES_INVALID' }));
});

test('rules compiled for operations that are not here are refused by name', () => {
  const text = compileRules(sampleRules());
  expect(() => readCompiledRules(text, [])).toThrow(/"goods-matting"/);
});
