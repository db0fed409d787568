import { findLoops } from '../../plan/find-loops.ts';
import type { CheckedFile } from '../checked-file.ts';
import { type Finding, quoted } from '../problem.ts';
import { pathOfOutput } from './outputs-of.ts';

/** What is written must not be picked up again: it would be paid for, again and again. */
export function* checkLoops({ rules, places }: CheckedFile): Iterable<Finding> {
  for (const { from, chain, closes, example } of findLoops(rules.rules, places)) {
    const [writer, reader] = chain;
    const what = example === undefined ? 'What is written here' : quoted(example);
    const way = chain.slice(1).join(', then ');
    yield {
      code: 'loop',
      path: [...pathOfOutput(from), 'into', 'key'],
      message: closes
        ? `Rule ${writer} writes ${what}, which is picked up by ${way}, without end`
        : `Rule ${writer} writes ${what}, which rule ${reader} would pick up`,
      hint: 'Write below a prefix that no rule reads, or to a bucket of its own',
    };
  }
}
