import { createRequire } from 'node:module';
import type { Metadata, Sharp } from 'sharp';
import { OperationError } from '../operations-port.ts';
import { bmpHeader, decodeBmp, isBmp } from './bmp.ts';
import type { Pixels } from './pixels.ts';

/** Loaded when the first picture comes: a start does not wait for it. */
const load = createRequire(import.meta.url);
export const sharp = () => load('sharp') as typeof import('sharp').default;

const LIMITS = {
  bytes: 32 * 1024 * 1024,
  side: 50_000,
  pixels: 250_000_000,
};

/** Formats the service reads, by the name the decoder gives them. */
const FORMATS = ['jpeg', 'png', 'webp', 'gif', 'bmp'];

/** What a picture says of itself, checked before anything is allocated for its pixels. */
export interface Opened {
  readonly input: Uint8Array;
  readonly format: string;
  /** As it is to be seen: EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  readonly metadata: Metadata | undefined;
}

export async function openPicture(input: Uint8Array): Promise<Opened> {
  if (input.length > LIMITS.bytes) {
    throw new OperationError('ImageTooLarge', `The picture has more than ${LIMITS.bytes} bytes`);
  }
  if (isBmp(input)) {
    const { width, height } = bmpHeader(input);
    checkSize(width, height);
    return { input, format: 'bmp', width, height, metadata: undefined };
  }
  const metadata = await metadataOf(input);
  const { format = '', width = 0, height = 0, orientation = 1 } = metadata;
  if (!FORMATS.includes(format)) {
    throw new OperationError(
      'InvalidImageFormat',
      format === 'heif'
        ? 'HEIC pictures cannot be decoded here'
        : `${format} is not a picture format of this service`,
    );
  }
  checkSize(width, height);
  return orientation >= 5
    ? { input, format, width: height, height: width, metadata }
    : { input, format, width, height, metadata };
}

async function metadataOf(input: Uint8Array): Promise<Metadata> {
  try {
    return await sharp()(input, { failOn: 'none', limitInputPixels: false }).metadata();
  } catch {
    throw new OperationError('InvalidImageFormat', 'The object is not a picture in a known format');
  }
}

function checkSize(width: number, height: number): void {
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

/** The first frame, upright, in sRGB with alpha, for the picture library to go on with. */
export function pipelineOf({ input, format }: Opened): Sharp {
  if (format === 'bmp') {
    const { width, height, data } = decodeBmp(input);
    return sharp()(data, { raw: { width, height, channels: 4 } });
  }
  return sharp()(input, { limitInputPixels: LIMITS.pixels, failOn: 'truncated' }).rotate();
}

export async function pixelsOf(opened: Opened): Promise<Pixels> {
  if (opened.format === 'bmp') return decodeBmp(opened.input);
  return rawPixels(pipelineOf(opened));
}

export async function rawPixels(pipeline: Sharp): Promise<Pixels> {
  try {
    const { data, info } = await pipeline
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (thrown) {
    throw decodeError(thrown);
  }
}

/** What the library says of a damaged picture is no word of the service's. */
export function decodeError(thrown: unknown): OperationError {
  if (thrown instanceof OperationError) return thrown;
  const why = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown);
  return new OperationError('InvalidImageFormat', `The picture cannot be decoded: ${why}`);
}

export async function pngOf({ width, height, data }: Pixels): Promise<Buffer> {
  return sharp()(data, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
}
