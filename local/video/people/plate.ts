import { bytesOfFrame, type Planes, planesOf, type Size } from '../planes.ts';
import { regionsOf } from './regions.ts';

/** What stands behind everybody in a scene of a camera that stands still, in small frames. */
export interface Plate {
  readonly pixels: Uint8Array;
  /** 1 where something else was seen as well: there the plate is known, and not only supposed. */
  readonly known: Uint8Array;
  /** Whether nobody was there at some time, and somebody was at another. */
  readonly wasEmpty: boolean;
}

/** So many frames of a scene are looked at: when there are more, every other one is forgotten. */
const SAMPLES = 48;
/** What is changed of a frame with nobody in it, by noise, and by somebody who passes. */
const EMPTY = 0.006;
const PASSED = 0.02;
/** Values that differ by less are the same, but for noise. */
const SAME = 16;
/** Values that differ by more are of two things. */
const DIFFERENT = 36;
/** Of the samples, how many have to be the same for a pixel to stand still, or to be seen as another. */
const STILL = 0.4;
const OTHER = 0.06;
/** Of the edges of a frame, how many stand still when the camera does: sky always does. */
const CAMERA = 0.35;
/** In small pixels: what is smaller cannot be somebody. */
/** Of a region, how much of it has to show something for a frame to show it. */
const SHOWN = 0.8;
/** A step in brightness that is no texture, and how much of a rim such steps make an outline. */
const CONTOUR = 24;
const OUTLINED = 0.45;
const SMALLEST = 12;
/** Neighbours that differ by less are of one thing. */
const ALIKE = 20;

/** Collects frames of a scene, and tells the plate of it when the scene is over. */
export class PlateMaker {
  readonly #size: Size;
  #samples: Uint8Array[] = [];
  #seen = 0;
  #step = 1;

  constructor(size: Size) {
    this.#size = size;
  }

  add(pixels: Uint8Array): void {
    if (this.#seen++ % this.#step !== 0) return;
    this.#samples.push(pixels.slice());
    if (this.#samples.length <= SAMPLES) return;
    this.#samples = this.#samples.filter((_, at) => at % 2 === 0);
    this.#step *= 2;
  }

  /** Nothing where the camera moves, or where there is too little to tell. */
  plate(): Plate | undefined {
    const samples = this.#samples.map((pixels) => planesOf(pixels, this.#size));
    this.#samples = [];
    this.#seen = 0;
    this.#step = 1;
    if (samples.length < 5) return undefined;
    return plateOf(samples, this.#size);
  }
}

function plateOf(samples: readonly Planes[], size: Size): Plate | undefined {
  const { width, height } = size;
  const area = width * height;
  const usual = planesOf(new Uint8Array(bytesOfFrame(size)), size);
  const other = planesOf(new Uint8Array(bytesOfFrame(size)), size);
  const differs = new Uint8Array(area);
  const [start] = samples;
  let still = 0;
  let edges = 0;
  for (let at = 0; at < area; at++) {
    const x = at % width;
    const y = (at - x) / width;
    const colour = (y >> 1) * (width / 2) + (x >> 1);
    const modes = modesOf(samples, at, colour);
    const [first] = modes;
    if (!first) continue;
    const second = modes.find((mode) => apart(mode, first) >= DIFFERENT);
    if (start && hasEdge(start, at)) {
      edges += 1;
      const stays = samples.filter((frame) => isAlike(frame, start, at) && hasEdge(frame, at));
      if (stays.length >= STILL * samples.length) still += 1;
    }
    write(usual, at, colour, first);
    write(other, at, colour, second ?? first);
    const isOther = second && second.count >= Math.max(2, OTHER * samples.length);
    if (isOther) differs[at] = 1;
  }
  if (still < CAMERA * edges) return undefined;
  // Where somebody stood, and where they only passed, are parted by which of the two is darker.
  const isDarker = (at: number) => (usual.y[at] as number) < (other.y[at] as number);
  const alike = (one: number, two: number) =>
    isDarker(one) === isDarker(two) &&
    Math.abs((usual.y[one] as number) - (usual.y[two] as number)) < ALIKE;
  for (const region of regionsOf(differs, width, height, alike)) {
    if (region.length < SMALLEST) continue;
    if (!isBehind(other, usual, region, samples)) continue;
    for (const at of region) {
      const x = at % width;
      const y = (at - x) / width;
      const colour = (y >> 1) * (width / 2) + (x >> 1);
      usual.y[at] = other.y[at] as number;
      usual.u[colour] = other.u[colour] as number;
      usual.v[colour] = other.v[colour] as number;
    }
  }
  const { changed, wasEmpty } = changedIn(samples, usual, size);
  const pixels = new Uint8Array(bytesOfFrame(size));
  pixels.set(usual.y);
  pixels.set(usual.u, area);
  pixels.set(usual.v, area + area / 4);
  return { pixels, known: changed, wasEmpty };
}

function isAlike(one: Planes, two: Planes, at: number): boolean {
  return Math.abs((one.y[at] as number) - (two.y[at] as number)) < SAME;
}

function hasEdge({ y, width }: Planes, at: number): boolean {
  const here = y[at] as number;
  const right = y[at + 1] ?? here;
  const below = y[at + width] ?? here;
  return Math.abs(here - right) + Math.abs(here - below) > CONTOUR;
}

interface Mode {
  y: number;
  u: number;
  v: number;
  count: number;
}

/** The values a pixel had, the most lasting ones first. */
function modesOf(samples: readonly Planes[], at: number, colour: number): readonly Mode[] {
  const modes: Mode[] = [];
  for (const frame of samples) {
    const y = frame.y[at] as number;
    const u = frame.u[colour] as number;
    const v = frame.v[colour] as number;
    const mode = modes.find(
      (each) => Math.abs(each.y - y) + Math.abs(each.u - u) + Math.abs(each.v - v) < SAME,
    );
    if (!mode) {
      if (modes.length < 8) modes.push({ y, u, v, count: 1 });
      continue;
    }
    mode.count += 1;
    mode.y += (y - mode.y) / mode.count;
    mode.u += (u - mode.u) / mode.count;
    mode.v += (v - mode.v) / mode.count;
  }
  return modes.sort((one, two) => two.count - one.count);
}

function apart(one: Omit<Mode, 'count'>, two: Omit<Mode, 'count'>): number {
  return Math.abs(one.y - two.y) + Math.abs(one.u - two.u) + Math.abs(one.v - two.v);
}

function write(into: Planes, at: number, colour: number, { y, u, v }: Mode): void {
  into.y[at] = Math.round(y);
  into.u[colour] = Math.round(u);
  into.v[colour] = Math.round(v);
}

/** Where anything was seen that is not in the plate, and whether it was there all the time. */
function changedIn(samples: readonly Planes[], plate: Planes, { width, height }: Size) {
  const changed = new Uint8Array(width * height);
  let least = changed.length;
  let all = 0;
  for (const frame of samples) {
    let here = 0;
    for (let at = 0; at < changed.length; at++) {
      if (Math.abs((frame.y[at] as number) - (plate.y[at] as number)) <= 2 * SAME) continue;
      if (changed[at] === 0) all += 1;
      changed[at] = 1;
      here += 1;
    }
    least = Math.min(least, here);
  }
  const wasEmpty = least < EMPTY * changed.length && all > PASSED * changed.length;
  return { changed, wasEmpty };
}

/**
 * Whether what was seen less often in a region is what is behind. Somebody who stands there has an
 * outline in every frame; what is behind them goes on beyond it, at least while nobody is near.
 */
function isBehind(
  other: Planes,
  usual: Planes,
  region: Int32Array,
  samples: readonly Planes[],
): boolean {
  const rim = rimOf(region, usual);
  const withOther: number[] = [];
  const withUsual: number[] = [];
  for (const frame of samples) {
    let toOther = 0;
    let toUsual = 0;
    for (const at of region) {
      const y = frame.y[at] as number;
      if (Math.abs(y - (other.y[at] as number)) < DIFFERENT / 2) toOther += 1;
      if (Math.abs(y - (usual.y[at] as number)) < DIFFERENT / 2) toUsual += 1;
    }
    if (Math.max(toOther, toUsual) < SHOWN * region.length) continue;
    let outline = 0;
    for (const [inside, outside] of rim) {
      const step = Math.abs((frame.y[inside] as number) - (frame.y[outside] as number));
      if (step > CONTOUR) outline += 1 / rim.length;
    }
    if (toOther > toUsual) withOther.push(outline);
    else withUsual.push(outline);
  }
  const [own, others] = [middleOf(withUsual), middleOf(withOther)];
  return own > OUTLINED && others < OUTLINED * 0.6;
}

function middleOf(values: number[]): number {
  return values.sort((one, two) => one - two)[values.length >> 1] ?? Number.POSITIVE_INFINITY;
}

/** The pixels of a region that have neighbours outside, with one that lies two further out. */
function rimOf(
  region: Int32Array,
  { width, height }: Size,
): readonly (readonly [inside: number, outside: number])[] {
  const within = new Set(region);
  const rim: (readonly [number, number])[] = [];
  for (const at of region) {
    const x = at % width;
    for (const [step, is] of [
      [1, x + 2 < width],
      [-1, x > 1],
      [width, at + 2 * width < width * height],
      [-width, at >= 2 * width],
    ] as const) {
      if (is && !within.has(at + step) && !within.has(at + 2 * step)) {
        rim.push([at, at + 2 * step]);
      }
    }
  }
  return rim;
}
