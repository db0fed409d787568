import type { CheckedFile } from '../checked-file.ts';
import type { Finding } from '../problem.ts';
import { outputsOf } from './outputs-of.ts';

/** Only some operations can answer with the bytes of the source where they fail. */
export function* checkFallBacks(checked: CheckedFile): Iterable<Finding> {
  const able = checked.operations.filter(({ canFallBack }) => canFallBack);
  for (const { path, output, operation } of outputsOf(checked)) {
    if (output.whenItFails !== 'original' || operation.canFallBack) continue;
    yield {
      code: 'fall-back',
      path: [...path, 'whenItFails'],
      message: `${operation.name} cannot store the source when it fails`,
      hint: `retry or ignore; these can: ${able.map(({ name }) => name).join(', ')}`,
    };
  }
}
