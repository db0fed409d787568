import type { Plane } from '../../local/vision/resample.ts';

/** How far the gradients around a pixel count, and how much: a bell of this width. */
const RADIUS = 3;
const SIGMA = 1.4;
const WEIGHTS = Float32Array.from({ length: 2 * RADIUS + 1 }, (_, at) =>
  Math.exp(-((at - RADIUS) ** 2) / (2 * SIGMA * SIGMA)),
);

/**
 * For each pixel which of 216 kinds of surroundings it has: 24 directions of the gradients, 3 strengths,
 * 3 degrees of how much they agree.
 */
export function kindsOf(plane: Plane): Uint8Array {
  const { width, height } = plane;
  const at = (x: number, y: number) => valueAt(plane, x, y);
  const tensor = [0, 1, 2].map(() => new Float32Array(width * height));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const gx = at(x + 1, y) - at(x - 1, y);
      const gy = at(x, y + 1) - at(x, y - 1);
      [gx * gx, gx * gy, gy * gy].forEach((value, part) => {
        (tensor[part] as Float32Array)[y * width + x] = value;
      });
    }
  }
  const [xx, xy, yy] = tensor.map((data) => blurred({ width, height, data }));
  return Uint8Array.from({ length: width * height }, (_, each) =>
    kindOf(xx?.[each] ?? 0, xy?.[each] ?? 0, yy?.[each] ?? 0),
  );
}

export function valueAt({ width, height, data }: Plane, x: number, y: number): number {
  const column = Math.max(0, Math.min(x, width - 1));
  return data[Math.max(0, Math.min(y, height - 1)) * width + column] ?? 0;
}

function blurred(plane: Plane): Float32Array {
  const { width, height } = plane;
  const total = WEIGHTS.reduce((sum, weight) => sum + weight, 0);
  const along = (from: Plane, dx: number, dy: number) => {
    const to = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        WEIGHTS.forEach((weight, at) => {
          const step = at - RADIUS;
          sum += (weight / total) * valueAt(from, x + step * dx, y + step * dy);
        });
        to[y * width + x] = sum;
      }
    }
    return { width, height, data: to };
  };
  return along(along(plane, 1, 0), 0, 1).data;
}

const TANGENTS = [1, 2, 3, 4, 5].map((step) => Math.tan((step * Math.PI) / 12));

function kindOf(xx: number, xy: number, yy: number): number {
  const difference = xx - yy;
  const twice = 2 * xy;
  const root = Math.sqrt(difference * difference + twice * twice);
  const large = (xx + yy + root) / 2;
  const small = Math.max(0, (xx + yy - root) / 2);
  // The angle of (difference, twice) is that of the gradient, doubled: 24 parts of a full turn.
  const up = twice >= 0;
  const right = difference >= 0;
  const [along, across] =
    up === right
      ? [Math.abs(difference), Math.abs(twice)]
      : [Math.abs(twice), Math.abs(difference)];
  const part = TANGENTS.filter((tangent) => across >= along * tangent).length;
  const quarter = up ? (right ? 0 : 1) : right ? 3 : 2;
  const strength = Math.sqrt(large);
  const coherence =
    (Math.sqrt(large) - Math.sqrt(small)) / (Math.sqrt(large) + Math.sqrt(small) + 1e-6);
  const strong = strength < 5 ? 0 : strength < 14 ? 1 : 2;
  const agreeing = coherence < 0.25 ? 0 : coherence < 0.5 ? 1 : 2;
  return (quarter * 6 + part) * 9 + strong * 3 + agreeing;
}
