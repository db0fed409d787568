import { ModelError } from '../../vision/models/model-card.ts';
import { carryOutPicture } from './carry-out-picture.ts';
import { pictureInfo } from './picture-info.ts';
import type { Asked, Replied } from './pool.ts';
import { decodeError, endAfter, sharp } from './read-picture.ts';
import { checkModels } from './with-models.ts';

// Runs in a thread of its own: the pool decides how many there are, so the library takes one each.
sharp().concurrency(1);
sharp().cache(false);

/** Errors go back as values: a class does not survive the way between threads. */
export default async function work(asked: Asked): Promise<Replied> {
  endAfter(asked.timeoutMs / 1000);
  try {
    switch (asked.kind) {
      case 'info':
        return { ok: true, info: await pictureInfo(asked.input) };
      case 'models':
        await checkModels(asked.models);
        return { ok: true, models: 'fine' };
      case 'picture':
        return { ok: true, done: await carryOutPicture(asked.work, asked.craft) };
    }
  } catch (thrown) {
    if (thrown instanceof ModelError)
      return { ok: false, code: 'InternalError', message: thrown.message };
    const { code, message } = decodeError(thrown);
    return { ok: false, code, message };
  }
}
