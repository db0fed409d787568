import { type Collision, findCollisions } from '../../plan/find-collisions.ts';
import type { CheckedFile } from '../checked-file.ts';
import { type Finding, quoted } from '../problem.ts';
import { pathOfOutput } from './outputs-of.ts';

/** One key is written once: by one output, and for one source. */
export function* checkCollisions({ rules, places }: CheckedFile): Iterable<Finding> {
  const warned = new Set<string>();
  for (const collision of findCollisions(rules.rules, places)) {
    const path = [...pathOfOutput(collision.outputs[0]), 'into', 'key'];
    if (collision.how === 'certain') {
      yield { code: 'collision', path, message: sayCertain(collision), hint: HINTS.certain };
      continue;
    }
    // A template that many rules use has the same trouble with each; once is enough to mend it.
    const place = JSON.stringify(path);
    if (warned.has(place)) continue;
    warned.add(place);
    yield {
      code: 'collision-possible',
      path,
      message: sayPossible(collision),
      hint: HINTS.possible,
    };
  }
}

const HINTS = {
  certain: 'Give each output a target of its own',
  possible: 'With {dir} and {name} in its key, each object has a target of its own',
};

function sayCertain({ outputs, sources, target }: Extract<Collision, { how: 'certain' }>): string {
  const [later, earlier] = outputs;
  const rules = [...new Set([earlier.rule, later.rule])];
  const by = `${rules.length === 1 ? 'rule' : 'rules'} ${rules.join(' and ')}`;
  return `Of ${quoted(sources[0].key)}, two outputs would be written to ${quoted(target)} (${by})`;
}

function sayPossible({ sources, target }: Extract<Collision, { how: 'possible' }>): string {
  const [one, other] = sources;
  const names =
    one.bucket === other.bucket
      ? [one.key, other.key]
      : [`${one.bucket}/${one.key}`, `${other.bucket}/${other.key}`];
  return `${names.map(quoted).join(' and ')} would both be written to ${quoted(target)}`;
}
