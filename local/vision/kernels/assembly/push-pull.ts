// Fills what is not known from what is, by way of ever smaller pictures. Four floats a pixel: a colour
// times its weight, and the weight, from 0 (not known) to 1.

/** Half as wide and high, rounded up: what is known of four pixels together. */
export function pull(from: usize, width: i32, height: i32, to: usize): void {
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  for (let y = 0; y < halfHeight; y++) {
    const above = from + ((<usize>(2 * y) * width) << 4);
    const below = 2 * y + 1 < height ? above + (<usize>width << 4) : 0;
    for (let x = 0; x < halfWidth; x++) {
      const left = <usize>(2 * x) << 4;
      const hasRight = 2 * x + 1 < width;
      let sum = v128.load(above + left);
      if (hasRight) sum = f32x4.add(sum, v128.load(above + left, 16));
      if (below != 0) {
        sum = f32x4.add(sum, v128.load(below + left));
        if (hasRight) sum = f32x4.add(sum, v128.load(below + left, 16));
      }
      const weight = f32x4.extract_lane(sum, 3);
      if (weight > 1) sum = f32x4.mul(sum, f32x4.splat(<f32>1 / weight));
      v128.store(to + ((<usize>y * halfWidth + x) << 4), sum);
    }
  }
}

/** Gives every pixel of the finer picture the weight 1, with what the coarser says between its pixels. */
export function push(fine: usize, width: i32, height: i32, coarse: usize): void {
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  for (let y = 0; y < height; y++) {
    const near = y >> 1;
    const far = min(max(near + ((y & 1) == 0 ? -1 : 1), 0), halfHeight - 1);
    const nearRow = coarse + ((<usize>near * halfWidth) << 4);
    const farRow = coarse + ((<usize>far * halfWidth) << 4);
    for (let x = 0; x < width; x++) {
      const at = fine + ((<usize>y * width + x) << 4);
      const own = v128.load(at);
      const missing = <f32>1 - f32x4.extract_lane(own, 3);
      if (missing <= 0) continue;
      const nearX = <usize>(x >> 1) << 4;
      const farX = <usize>min(max((x >> 1) + ((x & 1) == 0 ? -1 : 1), 0), halfWidth - 1) << 4;
      const here = between(v128.load(nearRow + nearX), v128.load(nearRow + farX));
      const there = between(v128.load(farRow + nearX), v128.load(farRow + farX));
      const filled = f32x4.mul(between(here, there), f32x4.splat(missing));
      v128.store(at, f32x4.add(own, filled));
    }
  }
}

// @ts-ignore: decorator
@inline
function between(near: v128, far: v128): v128 {
  return f32x4.add(f32x4.mul(near, f32x4.splat(0.75)), f32x4.mul(far, f32x4.splat(0.25)));
}
