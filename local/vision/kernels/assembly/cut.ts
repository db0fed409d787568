// The least costly cut between two sides of a grid in which every pixel has eight neighbours, by growing a
// tree from either side until they meet (Boykov and Kolmogorov). Capacities are whole numbers, so the answer
// is the same everywhere. The grid has a rim of one pixel that is never reached.

const FREE: u8 = 0;
const NEAR: u8 = 1;
const FAR: u8 = 2;
const ROOT: u8 = 8;
const ORPHAN: u8 = 9;

let stride: i32 = 0;
let capacities: usize = 0; // eight a pixel; those of a direction and its opposite differ in the last bit
let ends: usize = 0; // what is left to the first side, or with a minus to the second
let trees: usize = 0;
let parents: usize = 0;
let marks: usize = 0;
let depths: usize = 0;
let queue: usize = 0;
let queued: usize = 0;
let orphans: usize = 0;
let count: i32 = 0;
let first: i32 = 0;
let waiting: i32 = 0;
let firstLost: i32 = 0;
let lost: i32 = 0;
let time: i32 = 0;

/** Bytes a pixel that are needed besides the capacities and the ends. */
export function bytesAPixel(): i32 {
  return 19;
}

/** Cuts; afterwards the first byte a pixel of `room` is 1 for those on the first side. */
export function cut(atCapacities: usize, atEnds: usize, room: usize, width: i32, height: i32): void {
  stride = width;
  count = width * height;
  capacities = atCapacities;
  ends = atEnds;
  trees = room;
  parents = trees + count;
  queued = parents + count;
  marks = (queued + count + 3) & ~3;
  depths = marks + (<usize>count << 2);
  queue = depths + (<usize>count << 2);
  orphans = queue + (<usize>count << 2);
  first = 0;
  waiting = 0;
  firstLost = 0;
  lost = 0;
  time = 0;
  for (let at = 0; at < count; at++) {
    const end = load<i32>(ends + (<usize>at << 2));
    store<u8>(trees + at, end > 0 ? NEAR : end < 0 ? FAR : FREE);
    store<u8>(parents + at, ROOT);
    store<u8>(queued + at, 0);
    store<i32>(marks + (<usize>at << 2), 0);
    store<i32>(depths + (<usize>at << 2), 1);
    if (end != 0) activate(at);
  }
  while (waiting > 0) {
    const at = load<i32>(queue + (<usize>first << 2));
    const tree = load<u8>(trees + at);
    let met = false;
    if (tree != FREE) {
      for (let way = 0; way < 8; way++) {
        const next = at + step(way);
        if ((tree == NEAR ? capacity(at, way) : capacity(next, way ^ 1)) <= 0) continue;
        const other = load<u8>(trees + next);
        if (other == FREE) {
          store<u8>(trees + next, tree);
          adopt(next, way ^ 1, at);
          activate(next);
        } else if (other != tree) {
          time++;
          if (tree == NEAR) augment(at, next, way);
          else augment(next, at, way ^ 1);
          findParents();
          met = true;
          break;
        }
      }
    }
    // Whoever met the other side may meet it once more.
    if (met) continue;
    store<u8>(queued + at, 0);
    first = first + 1 == count ? 0 : first + 1;
    waiting--;
  }
}

// @ts-ignore: decorator
@inline
function step(way: i32): i32 {
  const across = way == 0 || way == 4 || way == 7 ? 1 : way == 1 || way == 5 || way == 6 ? -1 : 0;
  const down = way == 2 || way == 4 || way == 6 ? 1 : way == 3 || way == 5 || way == 7 ? -1 : 0;
  return down * stride + across;
}

// @ts-ignore: decorator
@inline
function capacity(at: i32, way: i32): i32 {
  return load<i32>(capacities + ((<usize>at * 8 + way) << 2));
}

// @ts-ignore: decorator
@inline
function give(at: i32, way: i32, much: i32): i32 {
  const place = capacities + ((<usize>at * 8 + way) << 2);
  const left = load<i32>(place) + much;
  store<i32>(place, left);
  return left;
}

// @ts-ignore: decorator
@inline
function adopt(at: i32, way: i32, parent: i32): void {
  store<u8>(parents + at, <u8>way);
  store<i32>(marks + (<usize>at << 2), load<i32>(marks + (<usize>parent << 2)));
  store<i32>(depths + (<usize>at << 2), load<i32>(depths + (<usize>parent << 2)) + 1);
}

function activate(at: i32): void {
  if (load<u8>(queued + at) == 1) return;
  store<u8>(queued + at, 1);
  let place = first + waiting;
  if (place >= count) place -= count;
  store<i32>(queue + (<usize>place << 2), at);
  waiting++;
}

function loses(at: i32): void {
  if (load<u8>(parents + at) == ORPHAN) return;
  store<u8>(parents + at, ORPHAN);
  let place = firstLost + lost;
  if (place >= count) place -= count;
  store<i32>(orphans + (<usize>place << 2), at);
  lost++;
}

/** Sends what fits through the way from the first side to `near`, over to `far`, and on. */
function augment(near: i32, far: i32, way: i32): void {
  let much = capacity(near, way);
  for (let at = near; ; ) {
    const up = <i32>load<u8>(parents + at);
    if (up == ROOT) {
      much = min(much, load<i32>(ends + (<usize>at << 2)));
      break;
    }
    const parent = at + step(up);
    much = min(much, capacity(parent, up ^ 1));
    at = parent;
  }
  for (let at = far; ; ) {
    const up = <i32>load<u8>(parents + at);
    if (up == ROOT) {
      much = min(much, -load<i32>(ends + (<usize>at << 2)));
      break;
    }
    much = min(much, capacity(at, up));
    at += step(up);
  }
  give(near, way, -much);
  give(far, way ^ 1, much);
  for (let at = near; ; ) {
    const up = <i32>load<u8>(parents + at);
    if (up == ROOT) {
      const place = ends + (<usize>at << 2);
      store<i32>(place, load<i32>(place) - much);
      if (load<i32>(place) == 0) loses(at);
      break;
    }
    const parent = at + step(up);
    give(at, up, much);
    if (give(parent, up ^ 1, -much) == 0) loses(at);
    at = parent;
  }
  for (let at = far; ; ) {
    const up = <i32>load<u8>(parents + at);
    if (up == ROOT) {
      const place = ends + (<usize>at << 2);
      store<i32>(place, load<i32>(place) + much);
      if (load<i32>(place) == 0) loses(at);
      break;
    }
    const parent = at + step(up);
    give(parent, up ^ 1, much);
    if (give(at, up, -much) == 0) loses(at);
    at = parent;
  }
}

/** Hangs those that lost their parent to another of the same tree, or sets them free. */
function findParents(): void {
  while (lost > 0) {
    const at = load<i32>(orphans + (<usize>firstLost << 2));
    firstLost = firstLost + 1 == count ? 0 : firstLost + 1;
    lost--;
    const tree = load<u8>(trees + at);
    let best = -1;
    let least = i32.MAX_VALUE;
    for (let way = 0; way < 8; way++) {
      const next = at + step(way);
      if (load<u8>(trees + next) != tree) continue;
      if ((tree == NEAR ? capacity(next, way ^ 1) : capacity(at, way)) <= 0) continue;
      const depth = depthOf(next);
      if (depth < least) {
        least = depth;
        best = way;
      }
    }
    if (best >= 0) {
      store<u8>(parents + at, <u8>best);
      store<i32>(marks + (<usize>at << 2), time);
      store<i32>(depths + (<usize>at << 2), least + 1);
      continue;
    }
    for (let way = 0; way < 8; way++) {
      const next = at + step(way);
      if (load<u8>(trees + next) != tree) continue;
      if ((tree == NEAR ? capacity(next, way ^ 1) : capacity(at, way)) > 0) activate(next);
      if (<i32>load<u8>(parents + next) == (way ^ 1)) loses(next);
    }
    store<u8>(trees + at, FREE);
  }
}

/** How far it is to the root, or the highest number where the way up ends at an orphan. */
function depthOf(start: i32): i32 {
  let depth = 0;
  let at = start;
  for (;;) {
    if (load<i32>(marks + (<usize>at << 2)) == time) {
      depth += load<i32>(depths + (<usize>at << 2));
      break;
    }
    const up = <i32>load<u8>(parents + at);
    if (up == ORPHAN) return i32.MAX_VALUE;
    depth++;
    if (up == ROOT) {
      store<i32>(marks + (<usize>at << 2), time);
      store<i32>(depths + (<usize>at << 2), 1);
      break;
    }
    at += step(up);
  }
  let left = depth;
  at = start;
  while (load<i32>(marks + (<usize>at << 2)) != time) {
    store<i32>(marks + (<usize>at << 2), time);
    store<i32>(depths + (<usize>at << 2), left);
    left--;
    at += step(<i32>load<u8>(parents + at));
  }
  return depth;
}
