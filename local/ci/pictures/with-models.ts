import { alphaByModel } from '../../vision/models/alpha-by-model.ts';
import { colourByModel } from '../../vision/models/colour-by-model.ts';
import { enlargeByModel } from '../../vision/models/enlarge-by-model.ts';
import { MODEL_USES, type ModelUse } from '../../vision/models/model-card.ts';
import { checkModel, type Model, openModel } from '../../vision/models/open-model.ts';
import { repairByModel } from '../../vision/models/repair-by-model.ts';
import { withoutGround } from '../../vision/models/without-ground.ts';
import { coverInvisible } from '../../vision/super-resolution/cover-invisible.ts';
import { OperationError } from '../operations-port.ts';
import { repairMask } from './classical-repair.ts';
import type { Craft, CraftOptions, ModelFiles } from './craft.ts';
import { laidOut } from './layout.ts';
import { pixelsOf } from './read-picture.ts';
import { asPng, asPngAsBefore, pixelsAsBefore } from './write-picture.ts';

/** A craft with the models that were plugged in, and without what only a model does honestly. */
export function withModels(craft: Craft, { models = {}, strictAi = false }: CraftOptions): Craft {
  const refused: Partial<Craft> = strictAi ? { colour: refuseColour } : {};
  return { ...craft, ...refused, ...plugged(craft, models) };
}

/** Tries each model on a small picture. */
export async function checkModels(models: ModelFiles): Promise<void> {
  for (const use of MODEL_USES) {
    const file = models[use];
    if (file !== undefined) await checkModel(file, use);
  }
}

const refuseColour: Craft['colour'] = async () => {
  throw new OperationError(
    'NotImplemented',
    'Colouring needs a model: start the engine with --model colouring=FILE.onnx, or without --strict-ai',
  );
};

function plugged(craft: Craft, models: ModelFiles): Partial<Craft> {
  const { matting, repair, colouring, 'super-resolution': enlarging } = models;
  return {
    ...(matting && { matting: mattingBy(matting) }),
    ...(repair && { repair: repairBy(repair, craft) }),
    ...(colouring && { colour: colourBy(colouring) }),
    ...(enlarging && { magnify: magnifyBy(enlarging, craft) }),
  };
}

function mattingBy(file: string): Craft['matting'] {
  return async (opened, { layout }) => {
    const model = await modelAt(file, 'matting');
    const pixels = await pixelsOf(opened);
    const { alpha } = await alphaByModel(model, pixels);
    withoutGround(pixels, alpha);
    return { ...(await asPng(laidOut(pixels, layout))), engine: nameOf(model) };
  };
}

function repairBy(file: string, craft: Craft): Craft['repair'] {
  return async (opened, asked, maskPicture) => {
    const mask = await repairMask(opened, asked, maskPicture);
    if (!mask) return craft.repair(opened, asked, maskPicture);
    const model = await modelAt(file, 'repair');
    const pixels = await pixelsOf(opened);
    await repairByModel(model, pixels, mask);
    return { ...(await asPngAsBefore(pixels, opened)), engine: nameOf(model) };
  };
}

function colourBy(file: string): Craft['colour'] {
  return async (opened) => {
    const model = await modelAt(file, 'colouring');
    const pixels = await pixelsOf(opened);
    await colourByModel(model, pixels);
    return { ...(await pixelsAsBefore(pixels, opened)), engine: nameOf(model) };
  };
}

/** Sharpening at the same size is none of what such models do. */
function magnifyBy(file: string, craft: Craft): Craft['magnify'] {
  return async (opened, asked) => {
    const { times } = asked;
    if (times !== 2 && times !== 4) return craft.magnify(opened, asked, undefined);
    const model = await modelAt(file, 'super-resolution');
    const pixels = await pixelsOf(opened);
    coverInvisible(pixels);
    const made = await enlargeByModel(model, pixels, times);
    return { ...(await pixelsAsBefore(made, opened)), engine: nameOf(model) };
  };
}

function nameOf({ card }: Model): string {
  return `model/${card.name}`;
}

/** Opened when it is first wanted, once in a thread. */
const opened = new Map<string, Promise<Model>>();

function modelAt(file: string, use: ModelUse): Promise<Model> {
  const known = opened.get(file) ?? openModel(file, use);
  opened.set(file, known);
  known.catch(() => opened.delete(file));
  return known;
}
