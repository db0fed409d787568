import type { CheckedFile } from '../checked-file.ts';
import { type Finding, quoted } from '../problem.ts';
import { type FoundOutput, outputsOf } from './outputs-of.ts';

/** A PNG called `.jpg` is served as what it is not. */
export function* checkEndings(checked: CheckedFile): Iterable<Finding> {
  for (const found of outputsOf(checked)) {
    const { path, operation } = found;
    const [best] = operation.output.extensions;
    if (best === undefined) continue;
    const wrong = endingsOf(found, checked).find(
      (ending) => !operation.output.extensions.includes(ending.toLowerCase()),
    );
    if (wrong === undefined) continue;
    yield {
      code: 'ending',
      path: [...path, 'into', 'key'],
      message: `${operation.name} writes ${operation.output.contentType}, and the key can end in ${quoted(`.${wrong}`)}`,
      hint: `End it in .${best}`,
    };
  }
}

/** What the key ends in behind its last dot, where that can be said. */
function endingsOf({ output, template }: FoundOutput, { rules }: CheckedFile): readonly string[] {
  const pattern = output.into?.pattern ?? '';
  if (!/\{(?:ext|name)\}$/.test(pattern)) {
    const ending = /\.([A-Za-z0-9]{1,8})$/.exec(pattern)?.[1];
    return ending === undefined ? [] : [ending];
  }
  return rules.rules
    .filter(({ use }) => use.includes(template))
    .flatMap(({ when }) => when.suffix.flatMap((suffix) => /\.([^./]+)$/.exec(suffix)?.[1] ?? []));
}
