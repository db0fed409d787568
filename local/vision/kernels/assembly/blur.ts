// Means over squares, of pictures of four floats a pixel: one vector is one pixel.

/**
 * The mean of the pixels within `radius` of each, those outside the picture left out. Two passes of
 * running sums, so the radius costs nothing. `sums` has room for one row.
 */
export function boxBlur(
  from: usize,
  to: usize,
  between: usize,
  sums: usize,
  width: i32,
  height: i32,
  radius: i32,
): void {
  const row = <usize>width << 4;
  for (let y = 0; y < height; y++) {
    const line = from + <usize>y * row;
    const out = between + <usize>y * row;
    let sum = f32x4.splat(0);
    const ahead = min(radius, width);
    for (let x = 0; x < ahead; x++) sum = f32x4.add(sum, v128.load(line + (<usize>x << 4)));
    for (let x = 0; x < width; x++) {
      const enters = x + radius;
      const leaves = x - radius - 1;
      if (enters < width) sum = f32x4.add(sum, v128.load(line + (<usize>enters << 4)));
      if (leaves >= 0) sum = f32x4.sub(sum, v128.load(line + (<usize>leaves << 4)));
      const count = min(enters, width - 1) - max(leaves, -1);
      v128.store(out + (<usize>x << 4), f32x4.mul(sum, f32x4.splat(<f32>1 / <f32>count)));
    }
  }
  for (let x = 0; x < width; x++) v128.store(sums + (<usize>x << 4), f32x4.splat(0));
  const ahead = min(radius, height);
  for (let y = 0; y < ahead; y++) addRow(sums, between + <usize>y * row, width);
  for (let y = 0; y < height; y++) {
    const enters = y + radius;
    const leaves = y - radius - 1;
    if (enters < height) addRow(sums, between + <usize>enters * row, width);
    if (leaves >= 0) subtractRow(sums, between + <usize>leaves * row, width);
    const count = min(enters, height - 1) - max(leaves, -1);
    const scale = f32x4.splat(<f32>1 / <f32>count);
    const out = to + <usize>y * row;
    for (let x = 0; x < width; x++) {
      const at = <usize>x << 4;
      v128.store(out + at, f32x4.mul(v128.load(sums + at), scale));
    }
  }
}

/** For the guided filter: the four fields of products whose means it needs, of a guide and a plane. */
export function products(
  guide: usize,
  plane: usize,
  means: usize,
  squares: usize,
  rest: usize,
  shares: usize,
  count: i32,
): void {
  for (let i: usize = 0; i < <usize>count << 4; i += 16) {
    const r = load<f32>(guide + i);
    const g = load<f32>(guide + i, 4);
    const b = load<f32>(guide + i, 8);
    const p = load<f32>(plane + (i >> 2));
    v128.store(means + i, f32x4(r, g, b, p));
    v128.store(squares + i, f32x4(r * r, r * g, r * b, g * g));
    v128.store(rest + i, f32x4(g * b, b * b, 0, 0));
    v128.store(shares + i, f32x4(r * p, g * p, b * p, 0));
  }
}

/** The straight line of the three colours that comes nearest to the plane, from the means; in their place. */
export function lines(
  means: usize,
  squares: usize,
  rest: usize,
  shares: usize,
  count: i32,
  floor: f64,
): void {
  for (let i: usize = 0; i < <usize>count << 4; i += 16) {
    const r = <f64>load<f32>(means + i);
    const g = <f64>load<f32>(means + i, 4);
    const b = <f64>load<f32>(means + i, 8);
    const p = <f64>load<f32>(means + i, 12);
    const rr = <f64>load<f32>(squares + i) - r * r + floor;
    const rg = <f64>load<f32>(squares + i, 4) - r * g;
    const rb = <f64>load<f32>(squares + i, 8) - r * b;
    const gg = <f64>load<f32>(squares + i, 12) - g * g + floor;
    const gb = <f64>load<f32>(rest + i) - g * b;
    const bb = <f64>load<f32>(rest + i, 4) - b * b + floor;
    const rp = <f64>load<f32>(shares + i) - r * p;
    const gp = <f64>load<f32>(shares + i, 4) - g * p;
    const bp = <f64>load<f32>(shares + i, 8) - b * p;
    const A = gg * bb - gb * gb;
    const B = rb * gb - rg * bb;
    const C = rg * gb - rb * gg;
    const D = rr * bb - rb * rb;
    const E = rg * rb - rr * gb;
    const F = rr * gg - rg * rg;
    const size = 1 / (rr * A + rg * B + rb * C);
    const x = (A * rp + B * gp + C * bp) * size;
    const y = (B * rp + D * gp + E * bp) * size;
    const z = (C * rp + E * gp + F * bp) * size;
    const w = p - x * r - y * g - z * b;
    v128.store(means + i, f32x4(<f32>x, <f32>y, <f32>z, <f32>w));
  }
}

/** What the lines make of the guide, from 0 to 1. */
export function follow(lines: usize, guide: usize, plane: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count << 4; i += 16) {
    const value =
      <f64>load<f32>(lines + i) * <f64>load<f32>(guide + i) +
      <f64>load<f32>(lines + i, 4) * <f64>load<f32>(guide + i, 4) +
      <f64>load<f32>(lines + i, 8) * <f64>load<f32>(guide + i, 8) +
      <f64>load<f32>(lines + i, 12);
    store<f32>(plane + (i >> 2), <f32>min<f64>(1, max<f64>(0, value)));
  }
}

function addRow(sums: usize, line: usize, width: i32): void {
  for (let x = 0; x < width; x++) {
    const at = <usize>x << 4;
    v128.store(sums + at, f32x4.add(v128.load(sums + at), v128.load(line + at)));
  }
}

function subtractRow(sums: usize, line: usize, width: i32): void {
  for (let x = 0; x < width; x++) {
    const at = <usize>x << 4;
    v128.store(sums + at, f32x4.sub(v128.load(sums + at), v128.load(line + at)));
  }
}
