import type { PictureDone, PictureShape, PictureWork } from '../operations-port.ts';
import { instantly, type Made } from './instant-operations.ts';
import { shapeOf } from './picture-info.ts';
import { runPipeline } from './pipeline.ts';
import { canBeIgnored, ignoresErrors, readOperation } from './read-operation.ts';
import { decodeError, openPicture } from './read-picture.ts';

export const INSTANT = 'instant';

/** One picture, done at once. Pipelines of imageMogr2 and imageView2 are real work whatever the engine. */
export async function instantPicture(work: PictureWork): Promise<PictureDone> {
  try {
    const { bytes, contentType } = await made(work);
    const info = shapeOf(await openPicture(bytes));
    return { output: bytes, contentType, info, engine: INSTANT };
  } catch (thrown) {
    const error = decodeError(thrown);
    if (!ignoresErrors(work.rule) || !canBeIgnored(error)) throw error;
    return original(work.input);
  }
}

async function made({ rule, input, mask }: PictureWork): Promise<Made> {
  if (rule.kind === 'pipeline') return runPipeline(await openPicture(input), rule.operations);
  const operation = readOperation(rule.operation, rule.options);
  return instantly(operation, await openPicture(input), mask);
}

/** The bytes as they came, which need not be those of a picture. */
async function original(input: Uint8Array): Promise<PictureDone> {
  const about = await openPicture(input).then(
    (opened) => ({ contentType: `image/${opened.format}`, info: shapeOf(opened) }),
    () => ({ contentType: 'application/octet-stream', info: NO_PICTURE }),
  );
  return { output: input, ...about, engine: INSTANT };
}

const NO_PICTURE: PictureShape = { format: '', width: 0, height: 0, quality: 100 };
