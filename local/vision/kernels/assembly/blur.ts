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
