import type { SkipReason } from '../../shared/plan/plan.ts';
import type { Blocks } from './blocks.ts';
import { code, table } from './markdown.ts';

/** What a plan says about a rule, or one of its outputs, that leaves a source alone. */
const SKIP_REASONS: Readonly<Record<SkipReason, string>> = {
  'rule-disabled': 'The rule says `enabled: false`.',
  'own-output': 'Darkroom wrote the object itself.',
  'folder-marker': 'The key ends in a slash: it stands for a folder.',
  'other-bucket': '`when.buckets` names other buckets.',
  'outside-prefix': 'The key begins with no `when.prefix`.',
  'other-suffix': 'The key ends with no `when.suffix`. Capitals count: `.JPG` is not `.jpg`.',
  'not-included': 'The key matches no `when.include`.',
  excluded: 'The key matches a `when.exclude`.',
  'too-small': 'The object has fewer bytes than `when.minBytes`, or none at all.',
  'too-large': 'The object has more bytes than `when.maxBytes`.',
  'other-content-type': 'Its content type is no `when.contentType`.',
  'other-metadata': 'Its metadata is not what `when.metadata` asks for.',
  'opted-out': 'Its metadata says so: one of `when.unlessMetadata`, or an allowed `skip`.',
  'overwrites-source': 'The key to write is that of the source, without `replaceSource: true`.',
  'no-such-template': 'Its metadata asks for a template that the rule does not use.',
  'mask-missing': 'There is no object at the key of the mask.',
  'background-missing': 'There is no object at the key of the background.',
  'same-target': 'An output further up writes the same key.',
  'target-unnameable': 'The pattern makes no key of this source: empty, dotted or too long.',
  'input-too-large': 'The object has more bytes than the operation takes.',
};

export function skipReasons(): Blocks {
  const rows = Object.entries(SKIP_REASONS).map(([reason, says]) => [code(reason), says]);
  return { skips: table(['Word', 'Why'], rows) };
}
