// Takes noise out: each pixel becomes a mean of those around it that are like it.

const RADIUS: i32 = 3;
const MARGIN: i32 = 3;

/**
 * `colours` has a margin of three pixels on all sides, `to` none. `near` are the weights of the 49
 * places, and `width2` is what a squared difference of colours is measured by.
 */
export function denoise(
  colours: usize,
  to: usize,
  width: i32,
  height: i32,
  near: usize,
  width2: f32,
): void {
  const row = width + 2 * MARGIN;
  const scale = f32x4.splat(1 / width2);
  // The difference of transparency counts as well.
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = colours + (<usize>((y + MARGIN) * row + x + MARGIN) << 4);
      const own = v128.load(at);
      let sum = f32x4.splat(0);
      let total = f32x4.splat(0);
      let place: usize = near;
      for (let dy = -RADIUS; dy <= RADIUS; dy++) {
        let other = at + <usize>(((dy * row - RADIUS) << 4));
        for (let dx = -RADIUS; dx <= RADIUS; dx++) {
          const theirs = v128.load(other);
          const difference = f32x4.sub(theirs, own);
          const squares = f32x4.mul(difference, difference);
          const halves = f32x4.add(squares, i32x4.shuffle(squares, squares, 2, 3, 0, 1));
          const all = f32x4.add(halves, i32x4.shuffle(halves, halves, 1, 0, 3, 2));
          const one = f32x4.add(f32x4.splat(1), f32x4.mul(all, scale));
          const weight = f32x4.div(v128.load32_splat(place), f32x4.mul(one, one));
          sum = f32x4.add(sum, f32x4.mul(theirs, weight));
          total = f32x4.add(total, weight);
          other += 16;
          place += 4;
        }
      }
      v128.store(to + (<usize>(y * width + x) << 4), f32x4.div(sum, total));
    }
  }
}
