/** The parts of a mask that hang together, each as the places of its pixels; `joined` may part more. */
export function regionsOf(
  mask: Uint8Array,
  width: number,
  height: number,
  joined?: (one: number, other: number) => boolean,
): readonly Int32Array[] {
  const area = width * height;
  const open = mask.slice();
  // One after the other, as they are found: a region is a part of this.
  const places = new Int32Array(area);
  const regions: Int32Array[] = [];
  let end = 0;
  for (let start = 0; start < area; start++) {
    if (open[start] === 0) continue;
    const begin = end;
    open[start] = 0;
    places[end++] = start;
    for (let next = begin; next < end; next++) {
      const at = places[next] as number;
      const x = at % width;
      for (let way = 0; way < 4; way++) {
        let there = at;
        if (way === 0 && x > 0) there = at - 1;
        else if (way === 1 && x + 1 < width) there = at + 1;
        else if (way === 2 && at >= width) there = at - width;
        else if (way === 3 && at + width < area) there = at + width;
        if (there === at || open[there] === 0 || (joined && !joined(at, there))) continue;
        open[there] = 0;
        places[end++] = there;
      }
    }
    regions.push(places.subarray(begin, end));
  }
  return regions;
}
