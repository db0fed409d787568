import { readBase64Url } from '../../../shared/wire/base64-url.ts';
import { readJson } from '../../../shared/wire/json.ts';
import { OperationError } from '../operations-port.ts';
import type { Options } from './options.ts';
import { openPicture, pipelineOf, rawPixels } from './read-picture.ts';

type Point = readonly [number, number];
type Polygon = readonly Point[];

const MAX_POLYGONS = 100;
const MAX_POINTS = 5000;

/** The pixels to repair, one byte each, 255 where something is to go; nothing when no mask is given. */
export async function maskOf(
  options: Options,
  picture: Uint8Array | undefined,
  width: number,
  height: number,
): Promise<Uint8Array | undefined> {
  // A picture wins over polygons where both are given.
  if (picture) return maskFromPicture(picture, width, height);
  const encoded = options.text('MaskPoly');
  return encoded === undefined ? undefined : filled(readPolygons(encoded), width, height);
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

/** URL-safe Base64 of JSON: one polygon of points, or a list of polygons. */
function readPolygons(encoded: string): readonly Polygon[] {
  const refused = new OperationError(
    'InvalidArgument',
    'MaskPoly is the Base64 of one polygon [[x,y],…] or of a list of them',
  );
  let value: unknown;
  try {
    value = readJson(readBase64Url(encoded));
  } catch {
    throw refused;
  }
  if (!Array.isArray(value) || value.length === 0) throw refused;
  const polygons: readonly unknown[] = isPoint(value[0]) ? [value] : value;
  if (polygons.length > MAX_POLYGONS) throw refused;
  let points = 0;
  return polygons.map((polygon) => {
    if (!Array.isArray(polygon) || polygon.length < 3) throw refused;
    points += polygon.length;
    if (points > MAX_POINTS || !polygon.every(isPoint)) throw refused;
    return polygon;
  });
}

function isPoint(value: unknown): value is Point {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((part) => typeof part === 'number' && Number.isFinite(part))
  );
}

/** Pixels whose centre lies inside a polygon, by the even-odd rule. Points outside are clipped. */
function filled(polygons: readonly Polygon[], width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (const polygon of polygons) {
    for (let y = 0; y < height; y++) {
      const crossings = crossingsAt(polygon, y + 0.5);
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
        const from = Math.max(0, Math.ceil((crossings[pair] ?? 0) - 0.5));
        const to = Math.min(width, Math.ceil((crossings[pair + 1] ?? 0) - 0.5));
        if (to > from) mask.fill(255, y * width + from, y * width + to);
      }
    }
  }
  return mask;
}

function crossingsAt(polygon: Polygon, y: number): number[] {
  const crossings: number[] = [];
  let [lastX, lastY] = polygon.at(-1) ?? [0, 0];
  for (const [x, nextY] of polygon) {
    if (lastY <= y !== nextY <= y)
      crossings.push(lastX + ((y - lastY) / (nextY - lastY)) * (x - lastX));
    lastX = x;
    lastY = nextY;
  }
  return crossings.sort((one, other) => one - other);
}
