import type { PictureInfo, PictureShape } from '../operations-port.ts';
import { jpegQuality } from './jpeg-quality.ts';
import { type Opened, openPicture, pipelineOf, rawPixels } from './read-picture.ts';

/** What the service tells of a picture when asked for information. */
export async function pictureInfo(input: Uint8Array): Promise<PictureInfo> {
  const opened = await openPicture(input);
  // One pixel is the average of all of them.
  const { data } = await rawPixels(pipelineOf(opened).resize(1, 1, { fit: 'fill' }));
  const average = [...data.subarray(0, 3)]
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('');
  return {
    ...shapeOf(opened),
    average: `0x${average}`,
    orientation: opened.metadata?.orientation ?? 0,
    frames: opened.metadata?.pages ?? 1,
  };
}

/** What its headers say: as it lies, not as it is to be seen. */
export function shapeOf({ input, format, width, height, metadata }: Opened): PictureShape {
  return {
    format: format.toUpperCase(),
    width: metadata?.width ?? width,
    height: metadata?.height ?? height,
    quality: format === 'jpeg' ? (jpegQuality(input) ?? 100) : 100,
  };
}
