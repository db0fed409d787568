// Conjugate gradients for fields of four floats a pixel: one vector is one pixel, and each of its
// four channels is a system of its own.
//
// The unknown values are 0 to count - 1. `near` names the four neighbours of each, and `count` itself
// where a neighbour is known or is none: the vector there stays zero.

const EPSILON: f32 = 1e-20;

/**
 * Solves degree x - (sum of unknown neighbours) = right, from the x it is given. A degree may be more
 * than the number of neighbours: so much each value holds to what is in `right`.
 * `work` has room for three fields.
 */
export function poisson(
  x: usize,
  right: usize,
  near: usize,
  degree: usize,
  count: i32,
  work: usize,
  rounds: i32,
  tolerance: f32,
): i32 {
  const bytes = (<usize>count + 1) << 4;
  const r = work;
  const p = work + bytes;
  const q = work + 2 * bytes;
  laplacian(x, q, near, degree, count, count);
  for (let i: usize = 0; i < <usize>count << 4; i += 16) {
    const rest = f32x4.sub(v128.load(right + i), v128.load(q + i));
    v128.store(r + i, rest);
    v128.store(p + i, rest);
  }
  let size = dot(r, r, count);
  const enough = f32x4.mul(size, f32x4.splat(tolerance));
  for (let round = 0; round < rounds; round++) {
    if (!v128.any_true(f32x4.gt(size, enough))) return round;
    laplacian(p, q, near, degree, count, count);
    const step = f32x4.div(size, f32x4.max(dot(p, q, count), f32x4.splat(EPSILON)));
    add(x, p, step, count);
    add(r, q, f32x4.neg(step), count);
    const next = dot(r, r, count);
    turn(p, r, f32x4.div(next, f32x4.max(size, f32x4.splat(EPSILON))), count);
    size = next;
  }
  return rounds;
}

/**
 * The x with the smallest sum of squares of (Laplacian x - right), which is the biharmonic surface.
 * Its Laplacian is taken at `cells` places, the unknown ones first and then those beside them. `back`
 * names for each unknown value the places around it. `work` has room for two fields of places and two
 * of unknown values.
 */
export function biharmonic(
  x: usize,
  right: usize,
  near: usize,
  degree: usize,
  back: usize,
  count: i32,
  cells: i32,
  work: usize,
  rounds: i32,
  tolerance: f32,
): i32 {
  const r = work;
  const q = r + ((<usize>cells + 1) << 4);
  const s = q + ((<usize>cells + 1) << 4);
  const p = s + ((<usize>count + 1) << 4);
  laplacian(x, q, near, degree, count, cells);
  for (let i: usize = 0; i < <usize>cells << 4; i += 16) {
    v128.store(r + i, f32x4.sub(v128.load(right + i), v128.load(q + i)));
  }
  laplacian(r, s, back, degree, cells, count);
  memory.copy(p, s, <usize>count << 4);
  let size = dot(s, s, count);
  const enough = f32x4.mul(size, f32x4.splat(tolerance));
  for (let round = 0; round < rounds; round++) {
    if (!v128.any_true(f32x4.gt(size, enough))) return round;
    laplacian(p, q, near, degree, count, cells);
    const step = f32x4.div(size, f32x4.max(dot(q, q, cells), f32x4.splat(EPSILON)));
    add(x, p, step, count);
    add(r, q, f32x4.neg(step), cells);
    laplacian(r, s, back, degree, cells, count);
    const next = dot(s, s, count);
    turn(p, s, f32x4.div(next, f32x4.max(size, f32x4.splat(EPSILON))), count);
    size = next;
  }
  return rounds;
}

/** For `places` places: degree times the value of the place, where it has one, less its neighbours. */
function laplacian(
  from: usize,
  to: usize,
  near: usize,
  degree: usize,
  values: i32,
  places: i32,
): void {
  for (let i = 0; i < places; i++) {
    const names = near + (<usize>i << 4);
    const around = f32x4.add(
      f32x4.add(valueOf(from, load<u32>(names)), valueOf(from, load<u32>(names, 4))),
      f32x4.add(valueOf(from, load<u32>(names, 8)), valueOf(from, load<u32>(names, 12))),
    );
    const own = i < values ? v128.load(from + (<usize>i << 4)) : f32x4.splat(0);
    const times = f32x4.splat(load<f32>(degree + (<usize>i << 2)));
    v128.store(to + (<usize>i << 4), f32x4.sub(f32x4.mul(times, own), around));
  }
}

@inline
function valueOf(from: usize, name: u32): v128 {
  return v128.load(from + (<usize>name << 4));
}

/** In blocks, so that small parts are not lost in a large sum. */
function dot(one: usize, other: usize, count: i32): v128 {
  let total = f32x4.splat(0);
  for (let i = 0; i < count; i += 256) {
    let sum = f32x4.splat(0);
    const end = min(i + 256, count);
    for (let j = i; j < end; j++) {
      const at = <usize>j << 4;
      sum = f32x4.add(sum, f32x4.mul(v128.load(one + at), v128.load(other + at)));
    }
    total = f32x4.add(total, sum);
  }
  return total;
}

function add(to: usize, from: usize, times: v128, count: i32): void {
  for (let i: usize = 0; i < <usize>count << 4; i += 16) {
    v128.store(to + i, f32x4.add(v128.load(to + i), f32x4.mul(v128.load(from + i), times)));
  }
}

function turn(p: usize, towards: usize, times: v128, count: i32): void {
  for (let i: usize = 0; i < <usize>count << 4; i += 16) {
    v128.store(p + i, f32x4.add(v128.load(towards + i), f32x4.mul(v128.load(p + i), times)));
  }
}
