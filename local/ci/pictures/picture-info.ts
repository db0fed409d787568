import type { PictureInfo } from '../operations-port.ts';
import { jpegQuality } from './jpeg-quality.ts';
import { openPicture, pipelineOf, rawPixels } from './read-picture.ts';

/** What the service tells of a picture when asked for information. */
export async function pictureInfo(input: Uint8Array): Promise<PictureInfo> {
  const opened = await openPicture(input);
  const { metadata, format } = opened;
  // One pixel is the average of all of them.
  const { data } = await rawPixels(pipelineOf(opened).resize(1, 1, { fit: 'fill' }));
  const average = [...data.subarray(0, 3)]
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('');
  return {
    format: format.toUpperCase(),
    width: metadata?.width ?? opened.width,
    height: metadata?.height ?? opened.height,
    quality: format === 'jpeg' ? (jpegQuality(input) ?? 100) : 100,
    average: `0x${average}`,
    orientation: metadata?.orientation ?? 0,
    frames: metadata?.pages ?? 1,
  };
}
