import type { Method } from '../../operations/operation.ts';
import type { CheckedFile } from '../checked-file.ts';
import type { Finding } from '../problem.ts';
import { type FoundOutput, outputsOf } from './outputs-of.ts';

/** Not every operation can be asked for in every way. */
export function* checkMethods(checked: CheckedFile): Iterable<Finding> {
  for (const found of outputsOf(checked)) {
    const { path, written, operation } = found;
    const wanted = methodsFor(found);
    if (wanted.some((method) => operation.methods.includes(method))) continue;
    const message = `${operation.name} cannot be asked for ${SAYS[wanted[0] ?? 'cloud']}`;
    const hint = `It can be asked for ${operation.methods.map((method) => SAYS[method]).join(', ')}`;
    const at = written.store === undefined ? 'as' : 'store';
    yield { code: 'method', path: [...path, at], message, hint };
  }
}

const SAYS: Readonly<Record<Method, string>> = {
  download: 'at download (store: false)',
  upload: 'at upload',
  cloud: 'for a stored object',
  job: 'as a job',
};

function methodsFor({ written, output }: FoundOutput): readonly Method[] {
  if (written.store !== undefined) return ['download'];
  return output.as === 'job' ? ['job'] : ['cloud', 'upload'];
}
