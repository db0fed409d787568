// Finds for each patch of 7 x 7 pixels that touches a hole the most similar one that does not, and
// fills the hole with what those say. Pictures are four bytes a pixel.

/** The centres of patches are at least so far from the edge. */
const RADIUS: i32 = 3;

/** Measures the patches that were found already: the picture in the hole has changed. */
export function measure(
  picture: usize,
  width: i32,
  targets: usize,
  count: i32,
  found: usize,
  cost: usize,
): void {
  for (let i = 0; i < count; i++) {
    const at = load<i32>(targets + (<usize>i << 2));
    const from = load<i32>(found + (<usize>at << 2));
    store<i32>(cost + (<usize>at << 2), distance(picture, width, at, from, i32.MAX_VALUE));
  }
}

/**
 * One pass over all targets, forwards or backwards: tries what the neighbours found, and at random in
 * rings that get smaller around the best. `allowed` marks centres of patches without a hole. Returns
 * the state of the random numbers.
 */
export function search(
  picture: usize,
  width: i32,
  height: i32,
  allowed: usize,
  targets: usize,
  count: i32,
  found: usize,
  cost: usize,
  backwards: bool,
  widest: i32,
  seed: u32,
): u32 {
  const step = backwards ? -1 : 1;
  let state = seed;
  for (let i = 0; i < count; i++) {
    const at = load<i32>(targets + (<usize>(backwards ? count - 1 - i : i) << 2));
    const y = at / width;
    const x = at - y * width;
    let best = load<i32>(found + (<usize>at << 2));
    let least = load<i32>(cost + (<usize>at << 2));

    const beside = x - step;
    if (beside >= RADIUS && beside < width - RADIUS) {
      const theirs = load<i32>(found + (<usize>(at - step) << 2));
      if (theirs >= 0) {
        const fromX = theirs % width + step;
        const from = theirs + step;
        if (fromX >= RADIUS && fromX < width - RADIUS && from != best && load<u8>(allowed + from)) {
          const d = distance(picture, width, at, from, least);
          if (d < least) {
            least = d;
            best = from;
          }
        }
      }
    }
    const above = y - step;
    if (above >= RADIUS && above < height - RADIUS) {
      const theirs = load<i32>(found + (<usize>(at - step * width) << 2));
      if (theirs >= 0) {
        const from = theirs + step * width;
        const fromY = from / width;
        if (fromY >= RADIUS && fromY < height - RADIUS && from != best && load<u8>(allowed + from)) {
          const d = distance(picture, width, at, from, least);
          if (d < least) {
            least = d;
            best = from;
          }
        }
      }
    }
    for (let radius = widest; radius >= 1; radius >>= 1) {
      const bestY = best / width;
      const bestX = best - bestY * width;
      const left = max(RADIUS, bestX - radius);
      const right = min(width - 1 - RADIUS, bestX + radius);
      const top = max(RADIUS, bestY - radius);
      const bottom = min(height - 1 - RADIUS, bestY + radius);
      state = next(state);
      const fromX = left + <i32>(state % <u32>(right - left + 1));
      state = next(state);
      const fromY = top + <i32>(state % <u32>(bottom - top + 1));
      const from = fromY * width + fromX;
      if (!load<u8>(allowed + from)) continue;
      const d = distance(picture, width, at, from, least);
      if (d < least) {
        least = d;
        best = from;
      }
    }
    store<i32>(found + (<usize>at << 2), best);
    store<i32>(cost + (<usize>at << 2), least);
  }
  return state;
}

/**
 * Every pixel of the hole becomes the mean of what the patches around it have there, by their weight.
 * `found` is -1 where there is no target.
 */
export function vote(
  picture: usize,
  width: i32,
  height: i32,
  hole: usize,
  count: i32,
  found: usize,
  weight: usize,
  to: usize,
): void {
  for (let i = 0; i < count; i++) {
    const at = load<i32>(hole + (<usize>i << 2));
    const y = at / width;
    const x = at - y * width;
    let sum = f32x4.splat(0);
    let weights: f32 = 0;
    for (let dy = -min(y, RADIUS); dy <= min(height - 1 - y, RADIUS); dy++) {
      for (let dx = -min(x, RADIUS); dx <= min(width - 1 - x, RADIUS); dx++) {
        const patch = at + dy * width + dx;
        const from = load<i32>(found + (<usize>patch << 2));
        if (from < 0) continue;
        const w = load<f32>(weight + (<usize>patch << 2));
        sum = f32x4.add(sum, f32x4.mul(colourAt(picture, from - dy * width - dx), f32x4.splat(w)));
        weights += w;
      }
    }
    if (weights > 0) {
      v128.store(to + (<usize>i << 4), f32x4.div(sum, f32x4.splat(weights)));
    } else {
      v128.store(to + (<usize>i << 4), colourAt(picture, at));
    }
  }
}

function colourAt(picture: usize, at: i32): v128 {
  const bytes = v128.load32_zero(picture + (<usize>at << 2));
  const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
  return f32x4.convert_i32x4_s(words);
}

/** The sum of squares of all differences; some larger number where it is not below `limit`. */
function distance(picture: usize, width: i32, one: i32, other: i32, limit: i32): i32 {
  const row = <usize>width << 2;
  const corner = RADIUS * width + RADIUS;
  let a = picture + (<usize>(one - corner) << 2);
  let b = picture + (<usize>(other - corner) << 2);
  let sum = i32x4.splat(0);
  for (let y = 0; y < 4; y++) {
    sum = i32x4.add(sum, rowDistance(a, b));
    a += row;
    b += row;
  }
  const half = total(sum);
  if (half >= limit) return half;
  for (let y = 0; y < 3; y++) {
    sum = i32x4.add(sum, rowDistance(a, b));
    a += row;
    b += row;
  }
  return total(sum);
}

@inline
function rowDistance(a: usize, b: usize): v128 {
  const first = squares(difference(v128.load(a), v128.load(b)));
  // The fourth pixel is in both loads.
  const rest = v128.and(
    difference(v128.load(a, 12), v128.load(b, 12)),
    i32x4(0, -1, -1, -1),
  );
  return i32x4.add(first, squares(rest));
}

@inline
function difference(a: v128, b: v128): v128 {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
}

@inline
function squares(bytes: v128): v128 {
  const low = i16x8.extend_low_i8x16_u(bytes);
  const high = i16x8.extend_high_i8x16_u(bytes);
  return i32x4.add(i32x4.dot_i16x8_s(low, low), i32x4.dot_i16x8_s(high, high));
}

function total(sum: v128): i32 {
  return (
    i32x4.extract_lane(sum, 0) +
    i32x4.extract_lane(sum, 1) +
    i32x4.extract_lane(sum, 2) +
    i32x4.extract_lane(sum, 3)
  );
}

/** xorshift: never 0 when it began with something else. */
function next(state: u32): u32 {
  let value = state ^ (state << 13);
  value ^= value >> 17;
  return value ^ (value << 5);
}
