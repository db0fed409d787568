import { TRIGGERS_PER_FUNCTION } from '../../plan/trigger.ts';
import { triggersFor } from '../../plan/triggers-for.ts';
import type { CheckedFile } from '../checked-file.ts';
import { type Finding, type Path, quoted } from '../problem.ts';

/** Triggers know one prefix and one suffix, so they may fire for more than the rules ask for. */
export function* checkTriggers({ rules, places, names }: CheckedFile): Iterable<Finding> {
  if (!places) return;
  for (const problem of triggersFor(rules.rules, places).problems) {
    if (problem.because === 'too-many') {
      const { region, triggers } = problem;
      const message = `The buckets in ${region} need ${triggers} triggers, and a function may have ${TRIGGERS_PER_FUNCTION}`;
      yield { code: 'triggers', path: ['rules'], at: 'key', message };
      continue;
    }
    const { trigger } = problem;
    const [rule = ''] = trigger.rules;
    const path: Path = [...names.pathOf('rules', rule), 'when'];
    const fires = `Uploads of ${quoted(`${trigger.prefix}*${trigger.suffix}`)} call the function for ${sayRules(trigger.rules)}, and so does`;
    if (problem.because === 'covers-state') {
      const message = `${fires} every record below ${quoted(problem.prefix)}`;
      const hint = 'Narrow when.prefix, or keep the records in a bucket of their own';
      yield { code: 'trigger-on-state', path, at: 'key', message, hint };
    } else {
      const { from, example } = problem;
      const what = example === undefined ? '' : `, such as ${quoted(example)}`;
      const message = `${fires} what rule ${from.rule} writes to ${quoted(from.pattern)}${what}`;
      const hint = 'Narrow when.prefix, or write to a bucket of its own';
      yield { code: 'trigger-on-target', path, at: 'key', message, hint };
    }
  }
}

function sayRules(rules: readonly string[]): string {
  const [first = '', ...others] = rules;
  return others.length === 0 ? `rule ${first}` : `rule ${first} and ${others.length} more`;
}
