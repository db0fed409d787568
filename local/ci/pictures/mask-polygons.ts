import { readBase64Url } from '../../../shared/wire/base64-url.ts';
import { readJson } from '../../../shared/wire/json.ts';
import { OperationError } from '../operations-port.ts';

type Point = readonly [number, number];
export type Polygon = readonly Point[];

const MAX_POLYGONS = 100;
const MAX_POINTS = 5000;

/** Base64 of JSON: one polygon of points, or a list of polygons. */
export function readPolygons(encoded: string): readonly Polygon[] {
  const refused = new OperationError(
    'InvalidArgument',
    'MaskPoly is the Base64 of one polygon [[x,y],…] or of a list of them',
  );
  let value: unknown;
  try {
    value = readJson(maskText(encoded));
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

/** The text of a mask option. A `+` of the plain alphabet that nobody encoded came as a space. */
export function maskText(encoded: string): string {
  return readBase64Url(encoded.replaceAll(' ', '+'));
}

function isPoint(value: unknown): value is Point {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((part) => typeof part === 'number' && Number.isFinite(part))
  );
}

/** Pixels whose centre lies inside a polygon, by the even-odd rule. Points outside are clipped. */
export function filled(polygons: readonly Polygon[], width: number, height: number): Uint8Array {
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

function crossingsAt(polygon: Polygon, y: number): Float64Array {
  const crossings: number[] = [];
  let [lastX, lastY] = polygon.at(-1) ?? [0, 0];
  for (const [x, nextY] of polygon) {
    if (lastY <= y !== nextY <= y) {
      crossings.push(lastX + ((y - lastY) / (nextY - lastY)) * (x - lastX));
    }
    lastX = x;
    lastY = nextY;
  }
  return Float64Array.from(crossings).sort();
}
