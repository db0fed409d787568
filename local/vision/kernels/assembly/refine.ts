// Opacity and colour at full size, from what was found out on a smaller picture. Four floats a pixel there:
// `front` holds the colour of the subject and its opacity, `back` the colour of the ground and how far the
// two can be told apart; `range` holds the least and the most opacity around each pixel.

/** Rewrites `rows` rows of four bytes a pixel, of which the first is row `top` of the whole. */
export function refineRows(
  pixels: usize,
  width: i32,
  rows: i32,
  top: i32,
  height: i32,
  front: usize,
  back: usize,
  range: usize,
  workWidth: i32,
  workHeight: i32,
): void {
  const scaleX = <f32>workWidth / <f32>width;
  const scaleY = <f32>workHeight / <f32>height;
  for (let y = 0; y < rows; y++) {
    const v = (<f32>(y + top) + 0.5) * scaleY - 0.5;
    const aboveY = <i32>floor(v);
    const shareY = v - <f32>aboveY;
    const y0 = clamp(aboveY, workHeight - 1);
    const y1 = clamp(aboveY + 1, workHeight - 1);
    const nearY = shareY < 0.5 ? y0 : y1;
    for (let x = 0; x < width; x++) {
      const at = pixels + ((<usize>y * width + x) << 2);
      const u = (<f32>x + 0.5) * scaleX - 0.5;
      const leftX = <i32>floor(u);
      const shareX = u - <f32>leftX;
      const x0 = clamp(leftX, workWidth - 1);
      const x1 = clamp(leftX + 1, workWidth - 1);
      const near = range + ((<usize>nearY * workWidth + (shareX < 0.5 ? x0 : x1)) << 3);
      const least = load<f32>(near);
      const most = load<f32>(near, 4);
      if (least >= 1) continue;
      if (most <= 0) {
        store<u32>(at, 0);
        continue;
      }
      const subject = sample(front, workWidth, x0, x1, y0, y1, shareX, shareY);
      const ground = sample(back, workWidth, x0, x1, y0, y1, shareX, shareY);
      const own = colourAt(at);
      const apart = f32x4.sub(subject, ground);
      const found = f32x4.extract_lane(subject, 3);
      const trust = f32x4.extract_lane(ground, 3);
      let opacity = found;
      if (trust > 0) {
        const size = dot(apart, apart) + 1;
        const measured = dot(f32x4.sub(own, ground), apart) / size;
        opacity += trust * (min(max(measured, least), most) - found);
      }
      opacity = min(max(opacity, 0), 1);
      const rest = <f32>1 - opacity;
      // What the mixture of both colours leaves unexplained is given to the subject as far as it can be seen.
      const mixed = f32x4.add(
        f32x4.mul(subject, f32x4.splat(opacity)),
        f32x4.mul(ground, f32x4.splat(rest)),
      );
      const share = opacity / (opacity * opacity + rest * rest);
      const colour = f32x4.add(
        subject,
        f32x4.mul(f32x4.sub(own, mixed), f32x4.splat(share)),
      );
      const alpha = opacity * <f32>load<u8>(at, 3);
      store<u8>(at, byteOf(f32x4.extract_lane(colour, 0)));
      store<u8>(at, byteOf(f32x4.extract_lane(colour, 1)), 1);
      store<u8>(at, byteOf(f32x4.extract_lane(colour, 2)), 2);
      store<u8>(at, byteOf(alpha), 3);
    }
  }
}

// @ts-ignore: decorator
@inline
function clamp(at: i32, last: i32): i32 {
  return min(max(at, 0), last);
}

// @ts-ignore: decorator
@inline
function byteOf(value: f32): u8 {
  return <u8>(<i32>(min(max(value, 0), 255) + 0.5));
}

// @ts-ignore: decorator
@inline
function colourAt(at: usize): v128 {
  return f32x4(<f32>load<u8>(at), <f32>load<u8>(at, 1), <f32>load<u8>(at, 2), 0);
}

// @ts-ignore: decorator
@inline
function dot(one: v128, other: v128): f32 {
  const product = f32x4.mul(one, other);
  return (
    f32x4.extract_lane(product, 0) +
    f32x4.extract_lane(product, 1) +
    f32x4.extract_lane(product, 2)
  );
}

// @ts-ignore: decorator
@inline
function sample(
  from: usize,
  width: i32,
  x0: i32,
  x1: i32,
  y0: i32,
  y1: i32,
  shareX: f32,
  shareY: f32,
): v128 {
  const above = from + ((<usize>y0 * width) << 4);
  const below = from + ((<usize>y1 * width) << 4);
  const left = <usize>x0 << 4;
  const right = <usize>x1 << 4;
  const over = mix(v128.load(above + left), v128.load(above + right), shareX);
  const under = mix(v128.load(below + left), v128.load(below + right), shareX);
  return mix(over, under, shareY);
}

// @ts-ignore: decorator
@inline
function mix(one: v128, other: v128, share: f32): v128 {
  return f32x4.add(one, f32x4.mul(f32x4.sub(other, one), f32x4.splat(share)));
}
