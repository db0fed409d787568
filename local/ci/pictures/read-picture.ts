import { createRequire } from 'node:module';
import type { Metadata, Sharp, SharpOptions } from 'sharp';
import type { Pixels } from '../../vision/pixels.ts';
import { OperationError } from '../operations-port.ts';
import { bmpHasAlpha, bmpHeader, decodeBmp, isBmp } from './bmp.ts';

/** Loaded when the first picture comes: a start does not wait for it. */
const load = createRequire(import.meta.url);
export const sharp = () => load('sharp') as typeof import('sharp').default;

let nativeSeconds = 60;

/** How long the library may work at one go. Ending its thread does not end what it does: this does. */
export function endAfter(seconds: number): void {
  nativeSeconds = Math.max(1, Math.ceil(seconds));
}

/** A pipeline of the library that ends in time. */
export function picture(input: Uint8Array, options: SharpOptions = {}): Sharp {
  return sharp()(input, { limitInputPixels: LIMITS.pixels, ...options }).timeout({
    seconds: nativeSeconds,
  });
}

const LIMITS = {
  bytes: 32 * 1024 * 1024,
  side: 50_000,
  pixels: 250_000_000,
  frames: 300,
};

/** What a picture says of itself, checked before anything is allocated for its pixels. */
export interface Opened {
  readonly input: Uint8Array;
  readonly format: string;
  /** As it is to be seen: EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  /** Whether it can be transparent at all. */
  readonly hasAlpha: boolean;
  readonly metadata: Metadata | undefined;
}

export async function openPicture(input: Uint8Array): Promise<Opened> {
  if (input.length > LIMITS.bytes) {
    throw new OperationError('ImageTooLarge', `The picture has more than ${LIMITS.bytes} bytes`);
  }
  if (isBmp(input)) {
    const header = bmpHeader(input);
    const { width, height } = header;
    checkSize(width, height);
    const hasAlpha = bmpHasAlpha(header);
    return { input, format: 'bmp', width, height, hasAlpha, metadata: undefined };
  }
  const format = formatOf(input);
  const metadata = await metadataOf(input);
  const { width = 0, height = 0, orientation = 1, pages = 1, hasAlpha = false } = metadata;
  if (metadata.format !== format) throw unknownFormat();
  checkSize(width, height);
  checkFrames(width * height, pages);
  const about = { input, format, hasAlpha, metadata };
  return orientation >= 5
    ? { ...about, width: height, height: width }
    : { ...about, width, height };
}

/**
 * By the first bytes, before any decoder sees it: the library has more of them than the service, and
 * some can do more than draw.
 */
function formatOf(input: Uint8Array): string {
  const start = Buffer.from(input.buffer, input.byteOffset, Math.min(input.length, 16));
  if (start.indexOf('ffd8ff', 'hex') === 0) return 'jpeg';
  if (start.indexOf('89504e470d0a1a0a', 'hex') === 0) return 'png';
  if (start.indexOf('GIF8') === 0) return 'gif';
  if (start.indexOf('RIFF') === 0 && start.indexOf('WEBP') === 8) return 'webp';
  if (start.indexOf('ftyp') === 4) {
    throw new OperationError('InvalidImageFormat', 'HEIC and AVIF pictures cannot be decoded here');
  }
  throw unknownFormat();
}

async function metadataOf(input: Uint8Array): Promise<Metadata> {
  try {
    return await sharp()(input, { failOn: 'none', limitInputPixels: false }).metadata();
  } catch {
    throw unknownFormat();
  }
}

function unknownFormat(): OperationError {
  return new OperationError('InvalidImageFormat', 'The object is not a picture in a known format');
}

/** What a picture may be, and what may come of it. */
export function checkSize(width: number, height: number): void {
  if (width <= 0 || height <= 0) {
    throw new OperationError('InvalidImageFormat', 'The picture has no pixels');
  }
  if (width > LIMITS.side || height > LIMITS.side || width * height > LIMITS.pixels) {
    throw new OperationError(
      'ImageResolutionExceed',
      `A picture of ${width} x ${height} has more pixels than can be processed`,
    );
  }
}

/** Only the first is used, but the service counts them all. */
function checkFrames(pixels: number, frames: number): void {
  if (frames <= LIMITS.frames && pixels * frames <= LIMITS.pixels) return;
  throw new OperationError(
    'ImageResolutionExceed',
    `An animation of ${frames} frames has more than can be processed`,
  );
}

/** The first frame, upright, in sRGB with alpha, for the picture library to go on with. */
export function pipelineOf({ input, format, hasAlpha }: Opened): Sharp {
  if (format === 'bmp') {
    return pixelsFor(decodeBmp(input), hasAlpha);
  }
  return picture(input, { failOn: 'truncated' }).rotate();
}

export async function pixelsOf(opened: Opened): Promise<Pixels> {
  if (opened.format === 'bmp') return decodeBmp(opened.input);
  return rawPixels(pipelineOf(opened));
}

export async function rawPixels(pipeline: Sharp): Promise<Pixels> {
  const { data, info } = await pipeline
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** What the library says of a damaged picture is no word of the service's. */
export function decodeError(thrown: unknown): OperationError {
  if (thrown instanceof OperationError) return thrown;
  const why = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown);
  if (why?.startsWith('timeout:')) {
    return new OperationError('InternalError', 'The picture took too long');
  }
  if (why?.includes('too large for the')) {
    return new OperationError('ImageResolutionExceed', `The result cannot be written: ${why}`);
  }
  // The library throws plain errors; any other is a mistake of ours.
  if (!(thrown instanceof Error) || thrown.constructor !== Error) {
    return new OperationError('InternalError', `Processing failed: ${why}`);
  }
  return new OperationError('InvalidImageFormat', `The picture cannot be decoded: ${why}`);
}

export async function pngOf(pixels: Pixels, hasAlpha: boolean): Promise<Buffer> {
  return pixelsFor(pixels, hasAlpha).png({ compressionLevel: 6 }).toBuffer();
}

/** Pixels for the library to write: what was opaque does not become a picture with transparency. */
export function pixelsFor({ width, height, data }: Pixels, hasAlpha: boolean): Sharp {
  const pipeline = picture(data, { raw: { width, height, channels: 4 } });
  return hasAlpha ? pipeline : pipeline.removeAlpha();
}
