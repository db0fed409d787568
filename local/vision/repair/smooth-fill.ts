import type { Colours } from '../colours.ts';
import { loadKernel } from '../kernels/load-kernel.ts';
import type { Pixels } from '../pixels.ts';
import { pushPull } from './push-pull.ts';
import { eachBeside, unknownsOf } from './unknowns.ts';

interface Solve {
  biharmonic(
    x: number,
    right: number,
    near: number,
    degree: number,
    back: number,
    count: number,
    cells: number,
    work: number,
    rounds: number,
    tolerance: number,
  ): number;
}

const ROUNDS = 200;
const TOLERANCE = 1e-7;

/**
 * Fills a hole with the biharmonic surface: it goes on with the colours and the slopes around it. Good
 * for strokes and thin letters, a smear over anything wide. The picture is changed within the hole.
 */
export function smoothFill(picture: Colours, hole: Uint8Array): void {
  const { width, height, data } = picture;
  const { at, numberOf } = unknownsOf(hole);
  if (at.length === 0 || at.length === hole.length) return;
  pushPull(picture, hole);

  // The Laplacian is taken at every unknown pixel, then at the known ones beside them.
  const cells = [...at];
  const cellOf = Int32Array.from(numberOf);
  for (const pixel of at) {
    eachBeside(pixel, width, height, (beside) => {
      if ((cellOf[beside] ?? -1) >= 0) return;
      cellOf[beside] = cells.length;
      cells.push(beside);
    });
  }

  const kernel = loadKernel<Solve>('solve');
  const bytes = at.length * 64 + cells.length * 80 + 1024;
  kernel.lend(bytes, (room) => {
    const x = room.floats((at.length + 1) * 4);
    const right = room.floats(cells.length * 4);
    const near = room.ints(cells.length * 4);
    const degree = room.floats(cells.length);
    const back = room.ints(at.length * 4);
    const work = room.floats((cells.length + 1) * 8 + (at.length + 1) * 8);
    near.view.fill(at.length);
    back.view.fill(cells.length);
    cells.forEach((pixel, cell) => {
      const unknown = cell < at.length;
      let neighbours = 0;
      eachBeside(pixel, width, height, (beside, side) => {
        neighbours++;
        const number = numberOf[beside] ?? -1;
        if (number >= 0) near.view[cell * 4 + side] = number;
        else addTo(right.view, cell, data, beside, 1);
        if (unknown) back.view[cell * 4 + side] = cellOf[beside] ?? 0;
      });
      degree.view[cell] = neighbours;
      if (unknown) x.view.set(data.subarray(pixel * 4, pixel * 4 + 4), cell * 4);
      else addTo(right.view, cell, data, pixel, -neighbours);
    });
    kernel.run.biharmonic(
      ...[x.at, right.at, near.at, degree.at, back.at],
      ...[at.length, cells.length, work.at, ROUNDS, TOLERANCE],
    );
    at.forEach((pixel, number) => {
      data.set(x.view.subarray(number * 4, number * 4 + 4), pixel * 4);
    });
  });
}

function addTo(
  sums: Float32Array,
  cell: number,
  data: Float32Array,
  pixel: number,
  times: number,
): void {
  for (let c = 0; c < 4; c++) {
    sums[cell * 4 + c] = (sums[cell * 4 + c] ?? 0) + times * (data[pixel * 4 + c] ?? 0);
  }
}

/** The same for a picture of bytes. */
export function smoothPixels({ width, height, data }: Pixels, hole: Uint8Array): void {
  const picture = { width, height, data: Float32Array.from(data) };
  smoothFill(picture, hole);
  hole.forEach((unknown, at) => {
    if (unknown === 0) return;
    for (let c = at * 4; c < at * 4 + 4; c++) {
      data[c] = Math.max(0, Math.min(Math.round(picture.data[c] ?? 0), 255));
    }
  });
}
