import type { Pixels } from '../../vision/pixels.ts';
import { OperationError } from '../operations-port.ts';
import { cutOut } from './instant-subject.ts';
import { canvasOf, laidOut, subjectBox } from './layout.ts';
import { maskOf } from './mask.ts';
import type { PictureOperation } from './read-operation.ts';
import { checkSize, type Opened, picture, pipelineOf, pixelsOf, pngOf } from './read-picture.ts';

// Operations that keep every promise about sizes and places and none about beauty: a subject is what
// does not look like the border, a repair is a flat colour. For tests of everything around the pixels.

export interface Made {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

type Asked<Does extends PictureOperation['does']> = Extract<PictureOperation, { does: Does }>;

const MB = 1024 * 1024;
const GREY = [128, 128, 128, 255];
/** A repaired picture is never longer. */
const MAX_REPAIRED_SIDE = 9999;

export function instantly(
  operation: PictureOperation,
  opened: Opened,
  mask: Uint8Array | undefined,
): Promise<Made> {
  switch (operation.does) {
    case 'matting':
      return matting(opened, operation);
    case 'repair':
      return repair(opened, operation, mask);
    case 'magnify':
      return magnified(opened, operation);
    case 'colour':
      mustBeWithin(opened, 5 * MB);
      return resized(opened, opened);
    case 'enhance':
      return resized(opened, opened);
    case 'crop':
      return crop(opened, operation);
  }
}

async function matting(opened: Opened, { layout }: Asked<'matting'>): Promise<Made> {
  const canvas = canvasOf(opened, layout);
  checkSize(canvas.width, canvas.height);
  return png(laidOut(cutOut(await pixelsOf(opened)), layout));
}

async function repair(
  opened: Opened,
  { polygons }: Asked<'repair'>,
  maskPicture: Uint8Array | undefined,
): Promise<Made> {
  const { width, height } = opened;
  if (Math.max(width, height) > MAX_REPAIRED_SIDE) {
    throw new OperationError('ImageResolutionExceed', `At most ${MAX_REPAIRED_SIDE} a side`);
  }
  const mask = await maskOf(polygons, maskPicture, width, height);
  const pixels = await pixelsOf(opened);
  mask?.forEach((marked, at) => {
    if (marked === 255) pixels.data.set(GREY, at * 4);
  });
  return png(pixels);
}

async function magnified(opened: Opened, { times }: Asked<'magnify'>): Promise<Made> {
  const { width, height } = opened;
  mustBeWithin(opened, 5 * MB);
  if (Math.max(width, height) > 1920 || Math.min(width, height) > 1080) {
    throw new OperationError('ImageResolutionExceed', 'At most 1920 x 1080');
  }
  return resized(opened, { width: width * times, height: height * times });
}

/** Around the subject as far as there is one: exact, or only of this shape. */
async function crop(opened: Opened, wanted: Asked<'crop'>): Promise<Made> {
  const { width, height } = opened;
  if (wanted.width > width || wanted.height > height) {
    const asked = `${wanted.width} x ${wanted.height}`;
    throw new OperationError('InvalidArgument', `${asked} does not fit into ${width} x ${height}`);
  }
  const scale = wanted.exact ? 1 : Math.min(width / wanted.width, height / wanted.height);
  const size = {
    width: Math.max(1, Math.round(wanted.width * scale)),
    height: Math.max(1, Math.round(wanted.height * scale)),
  };
  const box = subjectBox(cutOut(await pixelsOf(opened))) ?? { left: 0, top: 0, width, height };
  const left = clamp(box.left + Math.round((box.width - size.width) / 2), width - size.width);
  const top = clamp(box.top + Math.round((box.height - size.height) / 2), height - size.height);
  return encoded(picture(await uprightPng(opened)).extract({ left, top, ...size }), opened.format);
}

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(value, max));
}

function mustBeWithin({ input }: Opened, bytes: number): void {
  if (input.length > bytes) throw new OperationError('ImageTooLarge', `At most ${bytes} bytes`);
}

async function png(pixels: Pixels): Promise<Made> {
  return { bytes: await pngOf(pixels), contentType: 'image/png' };
}

async function resized(
  opened: Opened,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Made> {
  const upright = picture(await uprightPng(opened));
  return encoded(upright.resize({ width, height, fit: 'fill', kernel: 'nearest' }), opened.format);
}

function uprightPng(opened: Opened): Promise<Buffer> {
  return pipelineOf(opened).toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer();
}

/** JPEG stays JPEG and WebP stays WebP; everything else becomes PNG. */
async function encoded(pipeline: ReturnType<typeof picture>, format: string): Promise<Made> {
  if (format === 'jpeg')
    return { bytes: await pipeline.jpeg().toBuffer(), contentType: 'image/jpeg' };
  if (format === 'webp')
    return { bytes: await pipeline.webp().toBuffer(), contentType: 'image/webp' };
  return { bytes: await pipeline.png().toBuffer(), contentType: 'image/png' };
}
