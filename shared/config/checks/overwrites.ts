import { findOverwrites } from '../../plan/find-overwrites.ts';
import type { CheckedFile } from '../checked-file.ts';
import { type Finding, quoted } from '../problem.ts';
import { pathOfOutput } from './outputs-of.ts';

/** The source is gone once it is written over, so nobody does that without saying so. */
export function* checkOverwrites({ rules, places }: CheckedFile): Iterable<Finding> {
  for (const { from, always, example } of findOverwrites(rules.rules, places)) {
    const which = always ? 'every object' : `some objects, such as ${quoted(example)}`;
    yield {
      code: 'overwrite',
      path: [...pathOfOutput(from), 'into', 'key'],
      message: `Of ${which}, this would be written over the object itself (rule ${from.rule})`,
      hint: 'Write it elsewhere, or add replaceSource: true',
    };
  }
}
