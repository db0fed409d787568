import { filled, type Polygon } from './mask-polygons.ts';
import { openPicture, pipelineOf, rawPixels } from './read-picture.ts';

/** The pixels to repair, one byte each, 255 where something is to go; nothing when no mask is given. */
export async function maskOf(
  polygons: readonly Polygon[] | undefined,
  picture: Uint8Array | undefined,
  width: number,
  height: number,
): Promise<Uint8Array | undefined> {
  if (picture) return maskFromPicture(picture, width, height);
  return polygons && filled(polygons, width, height);
}

/** White marks what goes; a mask of another size is scaled to the picture. */
async function maskFromPicture(
  picture: Uint8Array,
  width: number,
  height: number,
): Promise<Uint8Array> {
  const pipeline = pipelineOf(await openPicture(picture)).resize(width, height, {
    fit: 'fill',
    kernel: 'nearest',
  });
  const { data } = await rawPixels(pipeline);
  const mask = new Uint8Array(width * height);
  for (let at = 0; at < mask.length; at++) {
    const light = (data[at * 4] ?? 0) + (data[at * 4 + 1] ?? 0) + (data[at * 4 + 2] ?? 0);
    if (light > 382 && (data[at * 4 + 3] ?? 0) > 127) mask[at] = 255;
  }
  return mask;
}
