import { resampleRows } from '../../vision/resample.ts';
import { filled, type Polygon } from './mask-polygons.ts';
import { type Opened, openPicture, pipelineOf } from './read-picture.ts';

/** The pixels to repair, one byte each, 255 where something is to go; nothing when no mask is given. */
export async function maskOf(
  polygons: readonly Polygon[] | undefined,
  picture: Uint8Array | undefined,
  width: number,
  height: number,
): Promise<Uint8Array | undefined> {
  if (picture) return maskFromPicture(await openPicture(picture), width, height);
  return polygons && filled(polygons, width, height);
}

/** What is light and can be seen marks what goes; a mask of another size is scaled to the picture. */
async function maskFromPicture(opened: Opened, width: number, height: number): Promise<Uint8Array> {
  const shown = pipelineOf(opened).flatten({ background: '#000' });
  // The library reduces exactly, and shifts what it enlarges.
  const reduced = { width: Math.min(width, opened.width), height: Math.min(height, opened.height) };
  const { data, info } = await shown
    .resize({ ...reduced, fit: 'fill' })
    .greyscale()
    .extractChannel(0)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.width === width && info.height === height) return data.map(thresholded);
  const mask = new Uint8Array(width * height);
  const plane = { width: info.width, height: info.height, data: Float32Array.from(data) };
  resampleRows(plane, width, height, 'linear', (row, y) => {
    for (let x = 0; x < width; x++) mask[y * width + x] = thresholded(row[x] ?? 0);
  });
  return mask;
}

function thresholded(light: number): number {
  return light >= 128 ? 255 : 0;
}
