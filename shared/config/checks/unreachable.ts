import { findUnreachableRules, type Unreachable } from '../../plan/find-unreachable-rules.ts';
import type { CheckedFile } from '../checked-file.ts';
import type { Finding } from '../problem.ts';

/** A rule that will never do anything is rarely what was meant. */
export function* checkUnreachable({ rules, places, names }: CheckedFile): Iterable<Finding> {
  for (const unreachable of findUnreachableRules(rules.rules, places)) {
    yield {
      code: 'unreachable',
      path: names.pathOf('rules', unreachable.rule),
      at: 'key',
      message: `Rule ${unreachable.rule} will never do anything: ${sayWhy(unreachable)}`,
    };
  }
}

function sayWhy(unreachable: Unreachable): string {
  switch (unreachable.because) {
    case 'nothing-left':
      return `rule ${unreachable.by} has done it all before`;
    case 'no-such-bucket':
      return 'none of its buckets is a source';
    case 'no-such-key':
      return 'no key fits its prefixes, suffixes and globs together';
    case 'no-such-size':
      return 'no object has such a size';
    case 'no-such-metadata':
      return 'its metadata both asks for an object and keeps it out';
  }
}
