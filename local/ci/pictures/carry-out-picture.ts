import {
  OperationError,
  type PictureDone,
  type PictureShape,
  type PictureWork,
} from '../operations-port.ts';
import { checkAsked } from './check-asked.ts';
import { CLASSICALLY } from './classical-operations.ts';
import type { Craft, CraftOptions, Made } from './craft.ts';
import { INSTANTLY } from './instant-operations.ts';
import { shapeOf } from './picture-info.ts';
import { runPipeline } from './pipeline.ts';
import {
  canBeIgnored,
  ignoresErrors,
  type PictureOperation,
  readOperation,
} from './read-operation.ts';
import { decodeError, type Opened, openPicture } from './read-picture.ts';
import { withModels } from './with-models.ts';

const CRAFTS: Readonly<Record<CraftOptions['name'], Craft>> = {
  instant: INSTANTLY,
  classical: CLASSICALLY,
};

/** One rule over one picture. Pipelines of imageMogr2 and imageView2 are the same in every craft. */
export async function carryOutPicture(
  work: PictureWork,
  options: CraftOptions,
): Promise<PictureDone> {
  try {
    const { bytes, contentType, engine = options.name } = await made(work, options);
    const info = shapeOf(await openPicture(bytes));
    return { output: bytes, contentType, info, engine };
  } catch (thrown) {
    const error = decodeError(thrown);
    if (!ignoresErrors(work.rule) || !canBeIgnored(error)) throw error;
    return { ...(await original(work.input)), engine: options.name };
  }
}

async function made({ rule, input, mask }: PictureWork, options: CraftOptions): Promise<Made> {
  if (rule.kind === 'pipeline') return runPipeline(await openPicture(input), rule.operations);
  const operation = readOperation(rule.operation, rule.options);
  const opened = await openPicture(input);
  checkAsked(operation, opened);
  checkCeiling(opened, options);
  return workOn(withModels(CRAFTS[options.name], options), opened, operation, mask);
}

function workOn<Does extends PictureOperation['does']>(
  craft: Craft,
  opened: Opened,
  operation: Extract<PictureOperation, { does: Does }>,
  mask: Uint8Array | undefined,
): Promise<Made> {
  return craft[operation.does as Does](opened, operation as never, mask);
}

function checkCeiling({ width, height }: Opened, { maxPixels }: CraftOptions): void {
  if (width * height <= maxPixels) return;
  const most = Math.floor(maxPixels / 1e6);
  throw new OperationError(
    'ImageResolutionExceed',
    `A picture of ${width} x ${height} is over the ceiling of ${most} megapixels that the engine was started with`,
  );
}

/** The bytes as they came, which need not be those of a picture. */
async function original(input: Uint8Array): Promise<Omit<PictureDone, 'engine'>> {
  const about = await openPicture(input).then(
    (opened) => ({ contentType: `image/${opened.format}`, info: shapeOf(opened) }),
    () => ({ contentType: 'application/octet-stream', info: NO_PICTURE }),
  );
  return { output: input, ...about };
}

const NO_PICTURE: PictureShape = { format: '', width: 0, height: 0, quality: 100 };
