// Mattes of what stands before a screen. Colours are known for every second pixel only: along edges,
// what is between is told from the brightness.

/** Opacities that differ by more than this around a pixel make an edge. */
const EDGE: i8 = 8;
/** Brightness that differs by less is noise: its square is added to the variance. */
const FLAT: f64 = 8;
/** A slope that is measured among noise comes out too low. */
const STEEPER: f64 = 1.4;
/** How much brightness alone may say, and the contrast at which it says half of that. */
const TRUST: f32 = 0.8;
const CONTRAST: f32 = 15;

/** Pixels of room around planes of half size: left and above, right and below. */
const BEFORE: usize = 16;
const AROUND: usize = 2;

/** The lines of a plane of half size lie so far apart: its pixels, whole vectors, and room around. */
export function strideFor(halfWidth: i32): i32 {
  return ((halfWidth + 15) & ~15) + 32;
}

/**
 * From a table of colours to an opacity for every pixel. `opacities` has room for a byte, `lights` for
 * eight a pixel of half size with four lines more; `weights` for 4 KB. The lines of `into` are twice
 * as far apart as those of half size.
 */
export function hueMatte(
  y: usize,
  u: usize,
  v: usize,
  halfWidth: i32,
  halfHeight: i32,
  table: usize,
  opacities: usize,
  lights: usize,
  weights: usize,
  screen: f32,
  into: usize,
): void {
  const stride = <usize>strideFor(halfWidth);
  const opacity = opacities + AROUND * stride + BEFORE;
  const light = lights + ((AROUND * stride + BEFORE) << 3);
  fillWeights(weights);
  for (let row = 0; row < halfHeight; row++) {
    const from = <usize>row * <usize>halfWidth;
    fillOpacities(u + from, v + from, table, opacity + <usize>row * stride, halfWidth);
    fillLights(y + (from << 2), light + ((<usize>row * stride) << 3), halfWidth);
  }
  repeatLines(opacity, stride, halfHeight, 0);
  repeatLines(light, stride, halfHeight, 3);
  for (let row = 0; row < halfHeight; row++) {
    const line = <usize>row * stride;
    const bright = y + ((<usize>row * <usize>halfWidth) << 2);
    const out = into + (line << 2);
    for (let x: usize = 0; x < <usize>halfWidth; x += 16) {
      const own = v128.load(opacity + line + x);
      const once = i8x16.shuffle(own, own, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
      // prettier-ignore
      const more = i8x16.shuffle(own, own, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15);
      const to = out + (x << 1);
      v128.store(to, once);
      v128.store(to, more, 16);
      v128.store(to + (stride << 1), once);
      v128.store(to + (stride << 1), more, 16);
      let edges = edgesOf(opacity + line + x, stride);
      const left = <usize>halfWidth - x;
      if (left < 16) edges &= (1 << <i32>left) - 1;
      for (; edges !== 0; edges &= edges - 1) {
        const at = x + <usize>ctz(edges);
        // prettier-ignore
        fillEdge(opacity + line + at, light + ((line + at) << 3), stride, weights, screen,
          bright + (at << 1), <usize>halfWidth << 1, out + (at << 1));
      }
    }
  }
}

/** The fourth powers of an opacity and of what it lacks, each twice. */
function fillWeights(weights: usize): void {
  for (let alpha = 0; alpha < 256; alpha++) {
    const is = <f32>alpha / 255;
    const isNot = <f32>1 - is;
    const ofSubject = is * is * is * is;
    const ofScreen = isNot * isNot * isNot * isNot;
    v128.store(weights + (<usize>alpha << 4), f32x4(ofSubject, ofSubject, ofScreen, ofScreen));
  }
}

function fillOpacities(u: usize, v: usize, table: usize, to: usize, width: i32): void {
  for (let x: usize = 0; x < <usize>width; x++) {
    const colour = (<usize>load<u8>(u + x) << 8) | <usize>load<u8>(v + x);
    store<u8>(to + x, load<u8>(table + colour));
  }
  const first = load<u8>(to);
  const last = load<u8>(to + <usize>width - 1);
  for (let by: usize = 1; by <= AROUND; by++) {
    store<u8>(to - by, first);
    store<u8>(to + <usize>width - 1 + by, last);
  }
}

/** The mean brightness of four pixels, after a one: what is multiplied by it is summed on its own too. */
function fillLights(y: usize, to: usize, width: i32): void {
  const next = <usize>width << 1;
  for (let x: usize = 0; x < <usize>width; x += 8) {
    const above = i16x8.extadd_pairwise_i8x16_u(v128.load(y + (x << 1)));
    const below = i16x8.extadd_pairwise_i8x16_u(v128.load(y + next + (x << 1)));
    const sums = i16x8.add(above, below);
    storeLights(to + (x << 3), i32x4.extend_low_i16x8_u(sums));
    storeLights(to + (x << 3) + 32, i32x4.extend_high_i16x8_u(sums));
  }
  const first = load<u64>(to);
  const last = load<u64>(to + ((<usize>width - 1) << 3));
  for (let by: usize = 1; by <= AROUND; by++) {
    store<u64>(to - (by << 3), first);
    store<u64>(to + ((<usize>width - 1 + by) << 3), last);
  }
}

function storeLights(to: usize, sums: v128): void {
  const one = f32x4.splat(1);
  const means = f32x4.mul(f32x4.convert_i32x4_s(sums), f32x4.splat(0.25));
  v128.store(to, v128.shuffle<f32>(one, means, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<f32>(one, means, 2, 6, 3, 7), 16);
}

/** Above the first line and below the last the same again. */
function repeatLines(plane: usize, stride: usize, height: i32, shift: usize): void {
  const bytes = stride << shift;
  const first = plane - (BEFORE << shift);
  const last = first + (<usize>height - 1) * bytes;
  for (let by: usize = 1; by <= AROUND; by++) {
    memory.copy(first - by * bytes, first, bytes);
    memory.copy(last + by * bytes, last, bytes);
  }
}

/** A bit for each of sixteen pixels around which opacities differ. */
function edgesOf(at: usize, stride: usize): i32 {
  let least = v128.load(at);
  let most = least;
  for (let line = at - stride - 1, count = 0; count < 3; line += stride, count++) {
    const left = v128.load(line);
    const here = v128.load(line, 1);
    const right = v128.load(line, 2);
    least = i8x16.min_u(least, i8x16.min_u(here, i8x16.min_u(left, right)));
    most = i8x16.max_u(most, i8x16.max_u(here, i8x16.max_u(left, right)));
  }
  return i8x16.bitmask(i8x16.gt_u(i8x16.sub(most, least), i8x16.splat(EDGE)));
}

/** The four pixels of one colour at an edge. */
function fillEdge(
  opacity: usize,
  light: usize,
  stride: usize,
  weights: usize,
  screen: f32,
  y: usize,
  width: usize,
  into: usize,
): void {
  // How opacity goes with brightness around here: sums of a, a * b, b and b * b.
  let sums = f32x4.splat(0);
  for (let down: usize = 0; down < 3; down++) {
    const line = (down - 1) * stride;
    for (let across: usize = 0; across < 3; across++) {
      const at = line + across - 1;
      const one = v128.load64_splat(light + (at << 3));
      const a = f32x4.splat(<f32>load<u8>(opacity + at));
      sums = f32x4.add(sums, f32x4.mul(one, v128.shuffle<f32>(a, one, 0, 1, 5, 5)));
    }
  }
  const a = <f64>f32x4.extract_lane(sums, 0);
  const ab = <f64>f32x4.extract_lane(sums, 1);
  const b = <f64>f32x4.extract_lane(sums, 2);
  const bb = <f64>f32x4.extract_lane(sums, 3);
  const slope = <f32>((STEEPER * (9 * ab - a * b)) / (9 * bb - b * b + 81 * FLAT));

  // How bright the subject and the screen are around here.
  const own = load<f32>(light, 4);
  let seen = f32x4(1e-6, 1e-6 * own, 0.02, 0.02 * screen);
  for (let down: usize = 0; down < 5; down++) {
    const line = (down - 2) * stride;
    for (let across: usize = 0; across < 5; across++) {
      const at = line + across - 2;
      const weight = v128.load(weights + (<usize>load<u8>(opacity + at) << 4));
      seen = f32x4.add(seen, f32x4.mul(weight, v128.load64_splat(light + (at << 3))));
    }
  }
  const subject = f32x4.extract_lane(seen, 1) / f32x4.extract_lane(seen, 0);
  const ground = f32x4.extract_lane(seen, 3) / f32x4.extract_lane(seen, 2);
  const above = subject - ground;
  const contrast = abs(above);
  const share = contrast / (contrast + CONTRAST);

  const bright = f32x4(
    <f32>load<u8>(y),
    <f32>load<u8>(y, 1),
    <f32>load<u8>(y + width),
    <f32>load<u8>(y + width, 1),
  );
  const told = f32x4.add(
    opacitiesBetween(opacity, stride),
    f32x4.mul(f32x4.splat(slope), f32x4.sub(bright, lightsBetween(light, stride << 3))),
  );
  let alone = told;
  if (contrast >= 4) {
    alone = f32x4.mul(f32x4.sub(bright, f32x4.splat(ground)), f32x4.splat(255 / above));
  }
  const trust = f32x4.splat(TRUST * share * share);
  const mixed = f32x4.add(told, f32x4.mul(trust, f32x4.sub(held(alone), told)));
  const whole = i32x4.trunc_sat_f32x4_u(f32x4.nearest(held(mixed)));
  store<u8>(into, <u8>i32x4.extract_lane(whole, 0));
  store<u8>(into, <u8>i32x4.extract_lane(whole, 1), 1);
  store<u8>(into + (stride << 1), <u8>i32x4.extract_lane(whole, 2));
  store<u8>(into + (stride << 1), <u8>i32x4.extract_lane(whole, 3), 1);
}

function held(opacities: v128): v128 {
  return f32x4.max(f32x4.splat(0), f32x4.min(f32x4.splat(255), opacities));
}

/** What a plane is at the four pixels, a quarter of the way to the neighbours on either side. */
function between(here: f32, beside: v128, over: v128, across: v128): v128 {
  const sides = f32x4.mul(f32x4.splat(3), f32x4.add(beside, over));
  const all = f32x4.add(f32x4.splat(9 * here), f32x4.add(sides, across));
  return f32x4.mul(all, f32x4.splat(0.0625));
}

function opacitiesBetween(at: usize, line: usize): v128 {
  const left = opacityAt(at - 1);
  const right = opacityAt(at + 1);
  const above = opacityAt(at - line);
  const below = opacityAt(at + line);
  return between(
    opacityAt(at),
    f32x4(left, right, left, right),
    f32x4(above, above, below, below),
    f32x4(
      opacityAt(at - line - 1),
      opacityAt(at - line + 1),
      opacityAt(at + line - 1),
      opacityAt(at + line + 1),
    ),
  );
}

function lightsBetween(at: usize, line: usize): v128 {
  const left = lightAt(at - 8);
  const right = lightAt(at + 8);
  const above = lightAt(at - line);
  const below = lightAt(at + line);
  return between(
    lightAt(at),
    f32x4(left, right, left, right),
    f32x4(above, above, below, below),
    f32x4(
      lightAt(at - line - 8),
      lightAt(at - line + 8),
      lightAt(at + line - 8),
      lightAt(at + line + 8),
    ),
  );
}

function opacityAt(at: usize): f32 {
  return <f32>load<u8>(at);
}

function lightAt(at: usize): f32 {
  return load<f32>(at, 4);
}
