// Learnt filters: each pixel is made with weights that were learnt for surroundings like its own.
// Pictures come with an apron of MARGIN pixels on all four sides, light as one float, colours as four.

const REACH: i32 = 4;
const SIDE: i32 = 9;
/** A row of weights is padded to three vectors. */
const ROW: i32 = 12;
const FILTER: i32 = SIDE * ROW;
/** The gradients around a pixel count within this radius; one pixel more to take them. */
const AROUND: i32 = 3;
export const MARGIN: i32 = 6;

/**
 * For each pixel which of 216 kinds of surroundings it has: 24 directions of the gradients, 3
 * strengths, 3 degrees of how much they agree. `weights` are seven floats that add up to one, `tensor`
 * and `between` have room for four floats a pixel, aprons included.
 */
export function sort(
  light: usize,
  to: usize,
  width: i32,
  height: i32,
  weights: usize,
  tensor: usize,
  between: usize,
): void {
  const row = width + 2 * MARGIN;
  for (let y = MARGIN - AROUND; y < height + MARGIN + AROUND; y++) {
    for (let x = MARGIN - AROUND; x < width + MARGIN + AROUND; x++) {
      const at = y * row + x;
      const gx = lightAt(light, at + 1) - lightAt(light, at - 1);
      const gy = lightAt(light, at + row) - lightAt(light, at - row);
      v128.store(tensor + (<usize>at << 4), vector(gx * gx, gx * gy, gy * gy));
    }
  }
  for (let y = MARGIN - AROUND; y < height + MARGIN + AROUND; y++) {
    blurRow(tensor, between, y * row + MARGIN, width, 1, weights);
  }
  for (let y = MARGIN; y < height + MARGIN; y++) {
    blurRow(between, tensor, y * row + MARGIN, width, row, weights);
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sums = v128.load(tensor + (<usize>((y + MARGIN) * row + x + MARGIN) << 4));
      store<u8>(to + <usize>(y * width + x), kindOf(sums));
    }
  }
}

/** Four pixels of light for each, as their weights make them. `bank` holds the weights by kind. */
export function doubled(
  light: usize,
  kinds: usize,
  bank: usize,
  to: usize,
  width: i32,
  height: i32,
): void {
  const row = width + 2 * MARGIN;
  const wide = 2 * width;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const corner = light + (<usize>((y + MARGIN - REACH) * row + x + MARGIN - REACH) << 2);
      const kind = <i32>load<u8>(kinds + <usize>(y * width + x));
      const four = bank + (<usize>(kind * 4 * FILTER) << 2);
      const out = to + (<usize>(2 * y * wide + 2 * x) << 2);
      store<f32>(out, filtered(corner, row, four));
      store<f32>(out, filtered(corner, row, four + (<usize>FILTER << 2)), 4);
      const below = out + (<usize>wide << 2);
      store<f32>(below, filtered(corner, row, four + (<usize>(2 * FILTER) << 2)));
      store<f32>(below, filtered(corner, row, four + (<usize>(3 * FILTER) << 2)), 4);
    }
  }
}

/** One pixel of light for each. */
export function sharpened(
  light: usize,
  kinds: usize,
  bank: usize,
  to: usize,
  width: i32,
  height: i32,
): void {
  const row = width + 2 * MARGIN;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const corner = light + (<usize>((y + MARGIN - REACH) * row + x + MARGIN - REACH) << 2);
      const kind = <i32>load<u8>(kinds + <usize>(y * width + x));
      const one = filtered(corner, row, bank + (<usize>(kind * FILTER) << 2));
      store<f32>(to + (<usize>(y * width + x) << 2), one);
    }
  }
}

/** The light of colours, aprons included. */
export function lightOf(colours: usize, to: usize, width: i32, height: i32): void {
  const count = (width + 2 * MARGIN) * (height + 2 * MARGIN);
  for (let at = 0; at < count; at++) {
    store<f32>(to + (<usize>at << 2), brightness(v128.load(colours + (<usize>at << 4))));
  }
}

function brightness(colour: v128): f32 {
  return (
    <f32>0.299 * f32x4.extract_lane(colour, 0) +
    <f32>0.587 * f32x4.extract_lane(colour, 1) +
    <f32>0.114 * f32x4.extract_lane(colour, 2)
  );
}

/**
 * Colours twice as wide and high, without aprons, by six taps either way. `between` has room for the
 * rows at their new width, aprons included.
 */
export function coloursDoubled(
  colours: usize,
  between: usize,
  to: usize,
  width: i32,
  height: i32,
  taps: usize,
): void {
  const row = width + 2 * MARGIN;
  const wide = 2 * width;
  for (let y = MARGIN - 3; y < height + MARGIN + 3; y++) {
    for (let x = 0; x < width; x++) {
      const at = colours + (<usize>(y * row + x + MARGIN) << 4);
      const out = between + (<usize>(y * wide + 2 * x) << 4);
      v128.store(out, sixth(at, 16, taps, true));
      v128.store(out, sixth(at, 16, taps, false), 16);
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < wide; x++) {
      const at = between + (<usize>((y + MARGIN) * wide + x) << 4);
      const out = to + (<usize>(2 * y * wide + x) << 4);
      v128.store(out, sixth(at, <usize>wide << 4, taps, true));
      v128.store(out + (<usize>wide << 4), sixth(at, <usize>wide << 4, taps, false));
    }
  }
}

/** A quarter of a pixel before the one there, or after: then the taps are the other way round. */
function sixth(at: usize, step: usize, taps: usize, before: bool): v128 {
  let sum = f32x4.splat(0);
  for (let tap: usize = 0; tap < 6; tap++) {
    const from = before ? at + (tap - 3) * step : at + (3 - tap) * step;
    const weight = f32x4.splat(load<f32>(taps + (tap << 2)));
    sum = f32x4.add(sum, f32x4.mul(v128.load(from), weight));
  }
  return sum;
}

/** Gives colours the light that was made for them, by so much of the difference, and makes them bytes. */
export function lit(colours: usize, light: usize, to: usize, count: i32, share: f32): void {
  for (let at = 0; at < count; at++) {
    const colour = v128.load(colours + (<usize>at << 4));
    const more = (load<f32>(light + (<usize>at << 2)) - brightness(colour)) * share;
    const brighter = f32x4.add(colour, f32x4.replace_lane(f32x4.splat(more), 3, 0));
    const words = i32x4.trunc_sat_f32x4_s(f32x4.nearest(brighter));
    const halves = i16x8.narrow_i32x4_s(words, words);
    store<u32>(to + (<usize>at << 2), i32x4.extract_lane(i8x16.narrow_i16x8_u(halves, halves), 0));
  }
}

/** The last load of a row reaches three floats too far; the weights there are zero. */
function filtered(corner: usize, row: i32, weights: usize): f32 {
  let sum = f32x4.splat(0);
  let from = corner;
  let by = weights;
  for (let y = 0; y < SIDE; y++) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(from), v128.load(by)));
    sum = f32x4.add(sum, f32x4.mul(v128.load(from, 16), v128.load(by, 16)));
    sum = f32x4.add(sum, f32x4.mul(v128.load(from, 32), v128.load(by, 32)));
    from += <usize>row << 2;
    by += <usize>ROW << 2;
  }
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  );
}

function lightAt(light: usize, at: i32): f32 {
  return load<f32>(light + (<usize>at << 2));
}

function vector(a: f32, b: f32, c: f32): v128 {
  return f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(a), 1, b), 2, c);
}

function blurRow(
  from: usize,
  to: usize,
  start: i32,
  count: i32,
  step: i32,
  weights: usize,
): void {
  for (let at = start; at < start + count; at++) {
    let sum = f32x4.splat(0);
    for (let tap = -AROUND; tap <= AROUND; tap++) {
      const weight = f32x4.splat(load<f32>(weights + (<usize>(tap + AROUND) << 2)));
      sum = f32x4.add(sum, f32x4.mul(weight, v128.load(from + (<usize>(at + tap * step) << 4))));
    }
    v128.store(to + (<usize>at << 4), sum);
  }
}

function kindOf(sums: v128): u8 {
  const xx = f32x4.extract_lane(sums, 0);
  const xy = f32x4.extract_lane(sums, 1);
  const yy = f32x4.extract_lane(sums, 2);
  const difference = xx - yy;
  const twice: f32 = 2 * xy;
  const root = Mathf.sqrt(difference * difference + twice * twice);
  const strength = Mathf.sqrt((xx + yy + root) / 2);
  const weaker = Mathf.sqrt(max<f32>(0, (xx + yy - root) / 2));
  // The angle of (difference, twice) is that of the gradient, doubled: 24 parts of a full turn.
  const up = twice >= 0;
  const right = difference >= 0;
  const along = up == right ? abs(difference) : abs(twice);
  const across = up == right ? abs(twice) : abs(difference);
  let part = 0;
  if (across >= along * <f32>0.2679491924311227) part++;
  if (across >= along * <f32>0.5773502691896258) part++;
  if (across >= along) part++;
  if (across >= along * <f32>1.7320508075688772) part++;
  if (across >= along * <f32>3.732050807568877) part++;
  const quarter = up ? (right ? 0 : 1) : right ? 3 : 2;
  const coherence = (strength - weaker) / (strength + weaker + <f32>1e-6);
  const strong = strength < 5 ? 0 : strength < 14 ? 1 : 2;
  const agreeing = coherence < 0.25 ? 0 : coherence < 0.5 ? 1 : 2;
  return <u8>((quarter * 6 + part) * 9 + strong * 3 + agreeing);
}
