import type { RuleOption } from '../../../shared/wire/rule-text.ts';
import { OperationError } from '../operations-port.ts';
import { cutOutOf } from './instant-subject.ts';
import { laidOut, subjectBox } from './layout.ts';
import { maskOf } from './mask.ts';
import { Options } from './options.ts';
import type { Pixels } from './pixels.ts';
import { decodeError, type Opened, pipelineOf, pixelsOf, pngOf, sharp } from './read-picture.ts';

// Operations that keep every promise about sizes and places and none about beauty: a subject is what
// does not look like the border, a repair is a flat colour. For tests of everything around the pixels.

export interface Made {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

type InstantOperation = (opened: Opened, options: Options, mask?: Uint8Array) => Promise<Made>;

const MB = 1024 * 1024;

async function matting(opened: Opened, options: Options): Promise<Made> {
  const layout = {
    centre: options.flag('center-layout'),
    padding: options.pair('padding-layout', 1000),
  };
  return png(laidOut(cutOutOf(await pixelsOf(opened)), layout));
}

async function repair(opened: Opened, options: Options, maskPicture?: Uint8Array): Promise<Made> {
  const pixels = await pixelsOf(opened);
  const mask = await maskOf(options, maskPicture, pixels.width, pixels.height);
  if (!mask) return png(pixels);
  const data = new Uint8Array(pixels.data);
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 255) data.set([128, 128, 128, 255], at * 4);
  }
  return png({ ...pixels, data });
}

async function superResolution(opened: Opened, options: Options): Promise<Made> {
  const magnify = options.choice('magnify', [1, 2, 4], 2);
  const { input, width, height } = opened;
  if (input.length > 5 * MB) throw new OperationError('ImageTooLarge', 'At most 5 MB');
  if (Math.max(width, height) > 1920 || Math.min(width, height) > 1080) {
    throw new OperationError('ImageResolutionExceed', 'At most 1920 x 1080');
  }
  const larger = { width: width * magnify, height: height * magnify };
  return sameFormat(opened, { ...larger, fit: 'fill', kernel: 'nearest' });
}

async function colouring(opened: Opened): Promise<Made> {
  if (opened.input.length > 5 * MB) throw new OperationError('ImageTooLarge', 'At most 5 MB');
  const { width, height } = opened;
  return sameFormat(opened, { width, height, fit: 'fill' });
}

async function enhance(opened: Opened, options: Options): Promise<Made> {
  options.whole('denoise', { or: 3, min: 0, max: 5 });
  options.whole('sharpen', { or: 3, min: 0, max: 5 });
  const { width, height } = opened;
  return sameFormat(opened, { width, height, fit: 'fill' });
}

/** Around the subject as far as there is one: exact, or only of this shape. */
async function crop(opened: Opened, options: Options): Promise<Made> {
  const { width, height } = opened;
  const wanted = {
    width: options.whole('width', { min: 1, max: width }),
    height: options.whole('height', { min: 1, max: height }),
  };
  const scale = options.flag('fixed') ? 1 : Math.min(width / wanted.width, height / wanted.height);
  const size = {
    width: Math.max(1, Math.round(wanted.width * scale)),
    height: Math.max(1, Math.round(wanted.height * scale)),
  };
  const box = subjectBox(cutOutOf(await pixelsOf(opened))) ?? { left: 0, top: 0, width, height };
  const left = clamp(box.left + Math.round((box.width - size.width) / 2), width - size.width);
  const top = clamp(box.top + Math.round((box.height - size.height) / 2), height - size.height);
  try {
    const upright = await pipelineOf(opened).toColourspace('srgb').png().toBuffer();
    return await encoded(sharp()(upright).extract({ left, top, ...size }), opened.format);
  } catch (thrown) {
    throw decodeError(thrown);
  }
}

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(value, max));
}

const INSTANT: Readonly<Record<string, InstantOperation>> = {
  AIPicMatting: matting,
  GoodsMatting: matting,
  AIPortraitMatting: matting,
  ImageRepair: repair,
  AISuperResolution: superResolution,
  AIImageColoring: colouring,
  AIEnhanceImage: enhance,
  AIImageCrop: crop,
};

export function instantly(
  name: string,
  options: readonly RuleOption[],
  opened: Opened,
  mask: Uint8Array | undefined,
): Promise<Made> {
  const operation = Object.hasOwn(INSTANT, name) ? INSTANT[name] : undefined;
  if (!operation) throw new OperationError('NotImplemented', `The engine does not have ${name}`);
  return operation(opened, new Options(name, options), mask);
}

async function png(pixels: Pixels): Promise<Made> {
  return { bytes: await pngOf(pixels), contentType: 'image/png' };
}

async function sameFormat(
  opened: Opened,
  size: { width: number; height: number; fit: 'fill'; kernel?: 'nearest' },
): Promise<Made> {
  try {
    const upright = await pipelineOf(opened).toColourspace('srgb').png().toBuffer();
    return await encoded(sharp()(upright).resize(size), opened.format);
  } catch (thrown) {
    throw decodeError(thrown);
  }
}

/** JPEG stays JPEG and WebP stays WebP; everything else becomes PNG. */
async function encoded(
  pipeline: ReturnType<ReturnType<typeof sharp>>,
  format: string,
): Promise<Made> {
  if (format === 'jpeg')
    return { bytes: await pipeline.jpeg().toBuffer(), contentType: 'image/jpeg' };
  if (format === 'webp')
    return { bytes: await pipeline.webp().toBuffer(), contentType: 'image/webp' };
  return { bytes: await pipeline.png().toBuffer(), contentType: 'image/png' };
}
