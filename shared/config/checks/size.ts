import type { When } from '../../plan/rule.ts';
import type { CheckedFile } from '../checked-file.ts';
import type { Finding } from '../problem.ts';

/** Comparing all rules with each other takes the square of this. */
const MOST_COMBINATIONS = 30_000;

/** Rules can be few and still say very much, by lists of lists. Looked at before all other checks. */
export function* checkSize({ rules }: CheckedFile): Iterable<Finding> {
  let combinations = 0;
  for (const { when, use } of rules.rules) {
    const outputs = use.reduce((sum, template) => sum + template.outputs.length, 0);
    combinations += alternativesOf(when) * (1 + outputs);
  }
  if (combinations <= MOST_COMBINATIONS) return;
  yield {
    code: 'too-many',
    path: ['rules'],
    at: 'key',
    message: `Prefixes, suffixes, globs and outputs of all rules combine to ${combinations}; ${MOST_COMBINATIONS} are checked`,
    hint: 'Use shorter lists, or fewer rules',
  };
}

function alternativesOf({ prefix, suffix, include }: When): number {
  return [prefix, suffix, include].reduce(
    (product, { length }) => product * Math.max(1, length),
    1,
  );
}
