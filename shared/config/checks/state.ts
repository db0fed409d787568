import { findOutputsInState, findRulesOverState } from '../../plan/find-in-state.ts';
import type { CheckedFile } from '../checked-file.ts';
import { type Finding, quoted } from '../problem.ts';
import { pathOfOutput } from './outputs-of.ts';

/** The records are nobody's source, and nobody's target. */
export function* checkState({ rules, places, names }: CheckedFile): Iterable<Finding> {
  if (!places) return;
  const state = `${places.state.bucket}/${places.state.prefix}`;
  for (const { from, example } of findOutputsInState(rules.rules, places)) {
    yield {
      code: 'in-state',
      path: [...pathOfOutput(from), 'into', 'key'],
      message: `This could be written among the records in ${state}${suchAs(example)}`,
      hint: 'Write below another prefix',
    };
  }
  for (const { rule, example } of findRulesOverState(rules.rules, places)) {
    yield {
      code: 'over-state',
      path: [...names.pathOf('rules', rule), 'when'],
      at: 'key',
      message: `This rule would take records in ${state} for sources${suchAs(example)}`,
      hint: 'Narrow it by a prefix, or keep the records in a bucket of their own',
    };
  }
}

function suchAs(example: string | undefined): string {
  return example === undefined ? '' : `, such as ${quoted(example)}`;
}
