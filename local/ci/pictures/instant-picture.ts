import { OperationError, type PictureDone, type PictureWork } from '../operations-port.ts';
import { instantly } from './instant-operations.ts';
import { pictureInfo } from './picture-info.ts';
import { runPipeline } from './pipeline.ts';
import { openPicture } from './read-picture.ts';

export const INSTANT = 'instant';

/** One picture, done at once. Pipelines of imageMogr2 and imageView2 are real work whatever the engine. */
export async function instantPicture({ rule, input, mask }: PictureWork): Promise<PictureDone> {
  const opened = await openPicture(input);
  const made =
    rule.kind === 'pipeline'
      ? await runPipeline(opened, rule.operations)
      : await orOriginal(rule.options, input, opened.format, () =>
          instantly(rule.operation, rule.options, opened, mask),
        );
  return {
    output: made.bytes,
    contentType: made.contentType,
    info: await pictureInfo(made.bytes),
    engine: INSTANT,
  };
}

/** `ignore-error=1` gives the original bytes back instead of an error, where an operation takes it. */
async function orOriginal<T extends { bytes: Uint8Array; contentType: string }>(
  options: readonly (readonly [string, string])[],
  input: Uint8Array,
  format: string,
  work: () => Promise<T>,
): Promise<{ bytes: Uint8Array; contentType: string }> {
  try {
    return await work();
  } catch (thrown) {
    const forgiving = options.some(([name, value]) => name === 'ignore-error' && value === '1');
    const known = thrown instanceof OperationError && thrown.code !== 'NotImplemented';
    if (!forgiving || !known) throw thrown;
    return { bytes: input, contentType: `image/${format}` };
  }
}
