import type { CheckedFile } from '../checked-file.ts';
import type { Finding } from '../problem.ts';
import { outputsOf } from './outputs-of.ts';

/** An output is either written somewhere or rendered anew at each download. */
export function* checkTargets(checked: CheckedFile): Iterable<Finding> {
  for (const { path, written } of outputsOf(checked)) {
    const { into, store, replaceSource } = written;
    if (into === undefined && store === undefined) {
      const message = 'Nothing says where this output is written';
      const hint = 'Add into: with a key, or store: false to make it anew at each download';
      yield { code: 'target', path, at: 'key', message, hint };
    }
    if (into !== undefined && store !== undefined) {
      const message = 'This output is written and is not';
      const hint = 'Keep either into: or store: false';
      yield { code: 'target', path: [...path, 'store'], at: 'key', message, hint };
    }
    if (store !== undefined && replaceSource) {
      const message = 'What is not written replaces nothing';
      yield { code: 'target', path: [...path, 'replaceSource'], message, hint: 'Leave it out' };
    }
  }
}
