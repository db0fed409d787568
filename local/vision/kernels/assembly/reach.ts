// The highest value within reach of each. Planes have a rim of zeros, so that a window is a stretch of the
// whole plane, and lie one value after the other: what spans rows is but a longer step.

/** Of bytes: each becomes the highest of itself and the `more` that follow it, `step` apart. */
export function highestBytes(plane: usize, length: i32, step: i32, more: i32): void {
  let reached = 1;
  for (; 2 * reached <= more + 1; reached *= 2) raiseBytes(plane, length, reached * step);
  if (reached <= more) raiseBytes(plane, length, (more + 1 - reached) * step);
}

/** The same of floats. */
export function highestFloats(plane: usize, length: i32, step: i32, more: i32): void {
  let reached = 1;
  for (; 2 * reached <= more + 1; reached *= 2) raiseFloats(plane, length, reached * step);
  if (reached <= more) raiseFloats(plane, length, (more + 1 - reached) * step);
}

/** What is read is not yet changed. The last ones have no window of their own and do not matter. */
function raiseBytes(plane: usize, length: i32, away: i32): void {
  for (let at = 0; at < length - away; at += 16) {
    const own = plane + <usize>at;
    v128.store(own, i8x16.max_u(v128.load(own), v128.load(own + <usize>away)));
  }
}

function raiseFloats(plane: usize, length: i32, away: i32): void {
  const far = <usize>away << 2;
  for (let at = 0; at < length - away; at += 4) {
    const own = plane + (<usize>at << 2);
    v128.store(own, f32x4.pmax(v128.load(own), v128.load(own + far)));
  }
}
