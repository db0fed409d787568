import { boxBlur } from '../box-blur.ts';
import type { Colours } from '../colours.ts';
import { type CutOut, cutByColour } from './cut-by-colour.ts';
import { labOf } from './lab.ts';
import { either, type Mask, outside, piecesOf, piecesWhere } from './masks.ts';
import { mixtureOf, unlikeliness } from './mixture.ts';
import { facesIn, peoplePrior } from './people-prior.ts';
import { centred, priorOf } from './prior.ts';

export interface Found extends CutOut {
  readonly way: 'generic' | 'people';
}

/** What is most probably the subject of any picture; small, for larger ones are not parted better. */
export function genericSubject(small: Colours): Found {
  const lab = labOf(small);
  const usual = priorOf(lab);
  const faces = facesIn(small);
  if (faces.length > 0) {
    const prior = peoplePrior(usual, faces, small.width);
    const cut = cutByColour(lab, prior, { trust: 2, rounds: 4 });
    return { ...cut, mask: tidied(cut.mask), way: 'people' };
  }
  const cut = cutByColour(lab, usual, { trust: 1, rounds: 4 });
  const tidy = { ...cut, mask: tidied(cut.mask) };
  return { ...(latticeIn(lab, tidy) ?? tidy), way: 'generic' };
}

/**
 * A fern, a bicycle, a net: the ground is seen all through the subject. Then its pixels fall in two
 * kinds that alternate within a few pixels, and one of both looks like the ground: the other alone is
 * the subject. Fur alternates as well, and is unlike the ground all over.
 */
function latticeIn(lab: Colours, { mask, ground }: CutOut): CutOut | undefined {
  const { width, height, data } = lab;
  const around = boxBlur(lab, 4);
  const inside = placesIn(mask);
  const detail = (at: number, axis: number) =>
    (data[at * 4 + axis] ?? 0) - (around.data[at * 4 + axis] ?? 0);
  const main = mainDirection(inside, detail);
  const along = (at: number) =>
    detail(at, 0) * (main[0] ?? 0) +
    detail(at, 1) * (main[1] ?? 0) +
    detail(at, 2) * (main[2] ?? 0);
  const odd = (at: number) =>
    unlikeliness(ground, data[at * 4] ?? 0, data[at * 4 + 1] ?? 0, data[at * 4 + 2] ?? 0);
  const usual = medianOf(placesIn(outside(mask)).map(odd)) + 4;
  const one = inside.filter((at) => along(at) > 2);
  const other = inside.filter((at) => along(at) < -2);
  if (Math.min(one.length, other.length) < 0.2 * inside.length) return undefined;
  const oddOne = medianOf(one.map(odd));
  const oddOther = medianOf(other.map(odd));
  if (Math.min(oddOne, oddOther) > usual || Math.abs(oddOne - oddOther) < 3) return undefined;
  const lines = { width, height, data: new Uint8Array(width * height) };
  const rest = { width, height, data: outside(mask).data };
  for (const at of oddOne > oddOther ? one : other) lines.data[at] = 1;
  for (const at of oddOne > oddOther ? other : one) rest.data[at] = 1;
  return {
    mask: lines,
    subject: mixtureOf(lab, Float32Array.from(lines.data)),
    ground: mixtureOf(lab, Float32Array.from(rest.data)),
  };
}

/** The direction in which colours vary most, from one pixel to those around it. */
function mainDirection(
  places: readonly number[],
  detail: (at: number, axis: number) => number,
): readonly number[] {
  const products = [0, 0, 0].map(() => [0, 0, 0]);
  for (const at of places) {
    const values = [detail(at, 0), detail(at, 1), detail(at, 2)];
    for (const [row, line] of products.entries()) {
      for (const [column, sum] of line.entries()) {
        line[column] = sum + (values[row] ?? 0) * (values[column] ?? 0);
      }
    }
  }
  let direction = [1, 1, 1];
  for (let round = 0; round < 20; round++) {
    const next = products.map((line) =>
      line.reduce((sum, value, column) => sum + value * (direction[column] ?? 0), 0),
    );
    const length = Math.hypot(...next) || 1;
    direction = next.map((value) => value / length);
  }
  return direction;
}

function placesIn({ data }: Mask): number[] {
  const places: number[] = [];
  for (let at = 0; at < data.length; at++) if (data[at] === 1) places.push(at);
  return places;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

/** The piece in the middle with what is as central and not far smaller, without small holes. */
function tidied(mask: Mask): Mask {
  const { width, height } = mask;
  const { labels, sizes } = piecesOf(mask);
  const central = new Float64Array(sizes.length);
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at] ?? -1;
    if (label >= 0) central[label] = (central[label] ?? 0) + centred(at, width, height);
  }
  const main = central.indexOf(Math.max(...central));
  const middle = (central[main] ?? 0) / (sizes[main] ?? 1);
  const kept = piecesWhere(
    mask,
    labels,
    sizes.map(
      (size, label) =>
        label === main ||
        (size >= 0.05 * (sizes[main] ?? 0) && (central[label] ?? 0) / size > 0.7 * middle),
    ),
  );
  const around = piecesOf(outside(kept));
  const least = (width * height) / 1500;
  const filled = piecesWhere(
    mask,
    around.labels,
    around.sizes.map((size) => size < least),
  );
  return either(kept, filled);
}
