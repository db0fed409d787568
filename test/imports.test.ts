import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importsAgainstTheTable, importsOf, problemOf } from '../scripts/imports.mjs';

test('every import of the project follows the table', () => {
  expect(importsAgainstTheTable(join(import.meta.dirname, '..'))).toEqual([]);
});

test.for([
  ['shared/plan/match.ts', '../run/submit.ts', 'shared/plan/match.ts imports shared/run/submit.ts'],
  ['shared/core/fault.ts', '../wire/xml.ts', 'shared/core/fault.ts imports shared/wire/xml.ts'],
  [
    'shared/operations/picture.ts',
    '../wire/xml.ts',
    'shared/operations/picture.ts imports shared/wire/xml.ts',
  ],
  ['local/ci/jobs.ts', '../../shared/plan/plan.ts', 'local/ci/jobs.ts imports shared/plan/plan.ts'],
  [
    'functions/on-upload/handler.ts',
    '../reprocess/slice.ts',
    'functions/on-upload/handler.ts imports functions/reprocess/slice.ts',
  ],
  [
    'functions/on-upload/handler.ts',
    '../../shared/config/rules-file.ts',
    'functions/on-upload/handler.ts imports shared/config/rules-file.ts',
  ],
  ['shared/plan/make-plan.ts', 'node:fs', 'shared/plan/make-plan.ts imports node:fs'],
  ['shared/wire/xml.ts', 'node:crypto', 'shared/wire/xml.ts imports node:crypto'],
  ['shared/plan/make-plan.ts', 'zod', 'shared/plan/make-plan.ts imports zod'],
  ['shared/plan/make-plan.ts', 'fs', 'shared/plan/make-plan.ts imports fs'],
  ['shared/run/submit.ts', 'undici', 'shared/run/submit.ts imports undici'],
  ['shared/wire/xml.ts', 'yaml', 'shared/wire/xml.ts imports yaml'],
  ['shared/wire/xml.ts', 'fast-xml-parser', 'shared/wire/xml.ts imports fast-xml-parser'],
  ['functions/on-upload/handler.ts', 'zod', 'functions/on-upload/handler.ts imports zod'],
] as const)('%s may not import %s', ([file, specifier, problem]) => {
  expect(problemOf(file, specifier)).toBe(problem);
});

test.for([
  ['shared/plan/make-plan.ts', './rule.ts'],
  ['shared/plan/make-plan.ts', '../operations/catalogue.ts'],
  ['shared/operations/picture.ts', '../wire/rule-text.ts'],
  ['shared/wire/signature.ts', 'node:crypto'],
  ['functions/on-demand/handler.ts', '../../shared/config/rules-file.ts'],
  ['shared/config/rules-file.ts', 'zod'],
  ['web/playground.ts', 'preact'],
  ['test/plan/plan.test.ts', '../../local/cos/put-object.ts'],
] as const)('%s may import %s', ([file, specifier]) => {
  expect(problemOf(file, specifier)).toBeUndefined();
});

test('imports are found in all their forms', () => {
  const text = [
    "import { a } from './a.ts';",
    "import type { B } from './b.ts';",
    "import {\n  c,\n  d,\n} from './c.ts';",
    "export { e } from './e.ts';",
    "import './f.ts';",
    "const g = await import('./g.ts');",
    'type H = import("./h.ts").H;',
  ].join('\n');
  expect(importsOf(text)).toEqual([
    './a.ts',
    './b.ts',
    './c.ts',
    './e.ts',
    './f.ts',
    './g.ts',
    './h.ts',
  ]);
});
