import { writeBase64Url } from '../wire/base64-url.ts';
import { placeOf } from './fill-call.ts';
import type { MaskValue, Point } from './parameter.ts';

type MaskOptions = { readonly MaskPic?: string; readonly MaskPoly?: string };

/** How a mask is said to the service. One that is an object gets its address when it is sent. */
export function maskOptions(name: string, mask: MaskValue | undefined): MaskOptions {
  if (mask === undefined) return {};
  if ('key' in mask) return { MaskPic: placeOf(name) };
  if ('url' in mask) return { MaskPic: writeBase64Url(mask.url) };

  const polygons = mask.polygons.map(clockwise);
  const [first, ...more] = polygons;
  return { MaskPoly: writeBase64Url(JSON.stringify(more.length === 0 ? first : polygons)) };
}

/** The service wants points clockwise; people draw them as they like. */
function clockwise(polygon: readonly Point[]): readonly Point[] {
  const [first, ...others] = polygon;
  return first === undefined || turns(polygon) >= 0 ? polygon : [first, ...others.reverse()];
}

/** Twice the area, above zero when it was walked round clockwise: `y` points down. */
function turns(polygon: readonly Point[]): number {
  return polygon.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = polygon[(index + 1) % polygon.length] ?? [x, y];
    return sum + x * nextY - nextX * y;
  }, 0);
}
