import { findUnreachableRules, type Unreachable } from '../../plan/find-unreachable-rules.ts';
import type { CheckedFile } from '../checked-file.ts';
import type { Finding } from '../problem.ts';

/** A rule that will never do anything is rarely what was meant. */
export function* checkUnreachable({ rules, places, names }: CheckedFile): Iterable<Finding> {
  for (const unreachable of findUnreachableRules(rules.rules, places)) {
    const why = reasonOf(unreachable);
    if (why === undefined) continue;
    yield {
      code: 'unreachable',
      path: names.pathOf('rules', unreachable.rule),
      at: 'key',
      message: `Rule ${unreachable.rule} will never do anything: ${why}`,
    };
  }
}

function reasonOf(unreachable: Unreachable): string | undefined {
  switch (unreachable.because) {
    case 'no-such-bucket':
      return undefined; // each of them is a problem of its own

    case 'nothing-left':
      return `rule ${unreachable.by} has done it all before`;
    case 'no-such-key':
      return 'no key fits its prefixes, suffixes and globs together';
    case 'no-such-size':
      return 'no object has such a size';
    case 'no-such-metadata':
      return 'its metadata both asks for an object and keeps it out';
  }
}
