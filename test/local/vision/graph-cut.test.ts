import { expect, test } from 'vitest';
import { type Grid, graphCut } from '../../../local/vision/matting/graph-cut.ts';
import { randomOf } from './random.ts';

test('a cut costs exactly the least of all partings there are', () => {
  const random = randomOf(3);
  for (let round = 0; round < 60; round++) {
    const [width, height] = [2 + (round % 3), 2 + (round % 2)];
    const grid = randomGrid(width, height, random);
    const found = costOf(grid, graphCut(grid).data);
    let least = Number.POSITIVE_INFINITY;
    for (let bits = 0; bits < 2 ** (width * height); bits++) {
      const sides = Uint8Array.from({ length: width * height }, (_, at) => (bits >> at) & 1);
      least = Math.min(least, costOf(grid, sides));
    }
    expect(found).toBe(least);
  }
});

test('on a larger grid no single pixel, row or column can be turned to make a cut cheaper', () => {
  const random = randomOf(9);
  const grid = randomGrid(61, 47, random);
  const { data } = graphCut(grid);
  const cost = costOf(grid, data);
  for (let at = 0; at < data.length; at += 7) {
    const turned = data.slice();
    turned[at] = 1 - (turned[at] ?? 0);
    expect(costOf(grid, turned)).toBeGreaterThanOrEqual(cost);
  }
});

function randomGrid(width: number, height: number, random: () => number): Grid {
  const whole = (most: number) => Math.floor(random() * most);
  return {
    width,
    height,
    ends: Int32Array.from({ length: width * height }, () => whole(200) - 100),
    edges: Int32Array.from({ length: width * height * 4 }, () => whole(60)),
  };
}

function costOf({ width, height, ends, edges }: Grid, inside: Uint8Array): number {
  let cost = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const end = ends[at] ?? 0;
      if (end > 0 && inside[at] === 0) cost += end;
      if (end < 0 && inside[at] === 1) cost -= end;
      [1, width, width + 1, width - 1].forEach((step, way) => {
        const across = way === 0 || way === 2 ? 1 : way === 3 ? -1 : 0;
        if (x + across < 0 || x + across >= width || (way > 0 && y + 1 >= height)) return;
        if (inside[at] !== inside[at + step]) cost += edges[at * 4 + way] ?? 0;
      });
    }
  }
  return cost;
}
