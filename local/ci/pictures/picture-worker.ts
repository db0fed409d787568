import { OperationError, type PictureWork } from '../operations-port.ts';
import { instantPicture } from './instant-picture.ts';
import { pictureInfo } from './picture-info.ts';
import type { Asked, Replied } from './pool.ts';
import { sharp } from './read-picture.ts';

// Runs in a thread of its own: the pool decides how many there are, so the library takes one each.
sharp().concurrency(1);
sharp().cache(false);

/** Errors go back as values: a class does not survive the way between threads. */
export default async function work(asked: Asked): Promise<Replied> {
  try {
    return asked.kind === 'info'
      ? { ok: true, info: await pictureInfo(asked.input) }
      : { ok: true, done: await instantPicture(asked.work satisfies PictureWork) };
  } catch (thrown) {
    if (thrown instanceof OperationError) {
      return { ok: false, code: thrown.code, message: thrown.message };
    }
    return { ok: false, code: 'InternalError', message: String(thrown) };
  }
}
