/** After how many pictures the function is killed: seeded, so that a run can be had again. */
export function killPoints(count: number, objects: number, seed: number): readonly number[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => 1 + Math.floor(random() * objects * 0.95)).toSorted(
    (one, other) => one - other,
  );
}

/** A small generator of numbers from 0 to 1, known by this name. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
