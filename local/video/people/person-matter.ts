import type { Matter } from '../matter.ts';
import type { Planes, Size } from '../planes.ts';
import { planesOf } from '../planes.ts';
import { type Face, fillBodyPrior } from './body-prior.ts';
import { ColourModel } from './colour-model.ts';
import { fillFromLines, Guided } from './guided.ts';
import type { Plate } from './plate.ts';
import { regionsOf } from './regions.ts';
import type { Scene } from './scene-maker.ts';
import { Shrinker, smallSize } from './small-frame.ts';

/** Faces are looked for in every so many frames, and in the first of a scene. */
const FACES_EVERY = 6;
/** How much of what was found in the frame before stays. */
const STAYS = 0.4;
/** How sure it is of somebody in the middle, where no face was found and nobody walked by. */
const MIDDLE = 0.5;
/** What the plate says at most, where it is known and where it is supposed. */
const PLATE = 4;
/** Without any face, what never changed is nobody. */
const NEVER = -3;
/** Of the frame: what is smaller is a speck. */
const SPECK = 0.002;

/**
 * Cuts people out without any learned model: from faces, from what stands behind them where the
 * camera stands still, from the colours they had in the frames before, and along edges.
 */
export class PersonMatter implements Matter {
  readonly #scenes: readonly Scene[];
  readonly #small: Size;
  readonly #shrinker: Shrinker;
  readonly #guided: Guided;
  readonly #findFaces: (small: Planes) => readonly Face[];
  readonly #prior: Float32Array;
  readonly #says: Float32Array;
  readonly #person: Float32Array;
  #colours = new ColourModel();
  #faces: readonly Face[] = [];
  #hadFaces = false;
  /** Whether somebody may be there all the time, so that the plate may show them. */
  #stays = true;
  #scene = -1;
  #frame = 0;
  #isFirst = true;

  constructor(size: Size, scenes: readonly Scene[], findFaces: (small: Planes) => readonly Face[]) {
    this.#scenes = scenes;
    this.#findFaces = findFaces;
    this.#small = smallSize(size);
    this.#shrinker = new Shrinker(size);
    this.#guided = new Guided(this.#small);
    const area = this.#small.width * this.#small.height;
    this.#prior = new Float32Array(area);
    this.#says = new Float32Array(area);
    this.#person = new Float32Array(area);
  }

  matte(frame: Planes, alpha: Uint8Array): void {
    const small = this.#shrinker.shrink(frame);
    this.#enter();
    this.#look(small);
    this.#decide(small, 2);
    this.#colours.learn(small, this.#person);
    if (this.#isFirst) {
      // The first frame of a scene is looked at twice: the colours are only known now.
      this.#decide(small, 2);
      this.#colours.learn(small, this.#person);
    }
    const lines = this.#guided.lines(small.y, this.#person);
    fillFromLines(lines, this.#small, frame, alpha);
    this.#frame += 1;
    this.#isFirst = false;
  }

  /** Nothing that was known holds in another scene. */
  #enter(): void {
    const next = this.#scenes[this.#scene + 1];
    if (!next || next.from > this.#frame) return;
    this.#scene += 1;
    this.#colours = new ColourModel();
    this.#faces = [];
    this.#hadFaces = false;
    this.#person.fill(0);
    this.#isFirst = true;
  }

  #look(small: Planes): void {
    if (!this.#isFirst && this.#frame % FACES_EVERY !== 0) return;
    const found = this.#findFaces(small);
    // Who turns away is still there: the face that was seen last counts on.
    if (found.length > 0) this.#faces = found.map((face) => near(face, this.#faces));
    this.#hadFaces ||= found.length > 0;
    const { plate } = this.#scenes[this.#scene] ?? {};
    this.#stays = this.#hadFaces || !plate?.wasEmpty;
    if (this.#hadFaces) fillBodyPrior(this.#faces, this.#small, this.#prior);
    else if (!this.#stays) this.#prior.fill(NEVER);
    else fillMiddle(this.#small, this.#prior);
  }

  /** What speaks for a person, weighed up and drawn to edges some times over. */
  #decide(small: Planes, rounds: number): void {
    const says = this.#says;
    const person = this.#person;
    this.#colours.fill(small, says);
    const plate = this.#scenes[this.#scene]?.plate;
    if (plate) addPlate(plate, small, this.#stays, says);
    for (let at = 0; at < says.length; at++) {
      const before = this.#isFirst ? 0 : ((person[at] as number) - 0.5) * 4 * STAYS;
      says[at] = (says[at] as number) + (this.#prior[at] as number) + before;
      person[at] = chance(says[at] as number);
    }
    for (let round = 0; round < rounds; round++) {
      const { slope, start } = this.#guided.lines(small.y, person);
      for (let at = 0; at < says.length; at++) {
        const drawn = (slope[at] as number) * (small.y[at] as number) + (start[at] as number);
        // Twice as sure as the neighbourhood makes it, so that it comes to a decision.
        person[at] = chance(5 * (drawn - 0.5) + 0.5 * (says[at] as number));
      }
    }
    this.#dropSpecks();
  }

  #dropSpecks(): void {
    const { width, height } = this.#small;
    const person = this.#person;
    const is = Uint8Array.from(person, (value) => (value >= 0.5 ? 1 : 0));
    const smallest = SPECK * is.length;
    for (const region of regionsOf(is, width, height)) {
      if (region.length < smallest) for (const at of region) person[at] = 0.1;
    }
    const isNot = is.map((value) => 1 - value);
    for (const region of regionsOf(isNot, width, height)) {
      if (region.length < smallest) for (const at of region) person[at] = 0.9;
    }
  }
}

const STEPS = 32;
const FAR = 8;
const CHANCES = Float32Array.from(
  { length: 2 * FAR * STEPS + 1 },
  (_, at) => 1 / (1 + Math.exp(FAR - at / STEPS)),
);

/** From odds, in natural logarithms, to a share of one. */
function chance(odds: number): number {
  const held = Math.max(-FAR, Math.min(FAR, odds));
  return CHANCES[((held + FAR) * STEPS + 0.5) | 0] as number;
}

/** A face moves smoothly: where it was found is where it is, more or less. */
function near(face: Face, before: readonly Face[]): Face {
  const same = before.find(
    ({ x, y, side }) => Math.hypot(x - face.x, y - face.y) < 0.5 * Math.max(side, face.side),
  );
  if (!same) return face;
  return {
    x: (face.x + same.x) / 2,
    y: (face.y + same.y) / 2,
    side: (face.side + same.side) / 2,
  };
}

/** Head and shoulders in the middle, as somebody who talks to a camera is seen. */
function fillMiddle(size: Size, into: Float32Array): void {
  const side = 0.3 * size.height;
  fillBodyPrior([{ x: size.width / 2, y: 0.36 * size.height, side }], size, into);
  for (let at = 0; at < into.length; at++) into[at] = (into[at] as number) * MIDDLE;
}

/** Differences from the plate in brightness and colour that are noise, and that are certain. */
const NOISE = 10;
const SURE = 34;
/** Colours are kept worse than brightness, by this. */
const GREYISH = 4;

/** How much lighter a frame is as a whole: cameras adapt to what they see. */
function usualStep(bright: Uint8Array, behind: Uint8Array): number {
  const counts = new Uint32Array(511);
  for (let at = 0; at < bright.length; at++) {
    const step = 255 + (bright[at] as number) - (behind[at] as number);
    counts[step] = (counts[step] as number) + 1;
  }
  let below = 0;
  let step = 0;
  while (below * 2 < bright.length) below += counts[step++] as number;
  return step - 256;
}

/** How much more than the plate has, there or beside: a camera is never quite still. */
function leastStep(value: number, behind: Uint8Array, at: number, width: number): number {
  let least = value - (behind[at] as number);
  for (const there of [at - 1, at + 1, at - width, at + width]) {
    const step = value - (behind[there] ?? 1e3);
    if (Math.abs(step) < Math.abs(least)) least = step;
  }
  return least;
}

/** What is not as the plate has it is somebody; what is so is nobody, where the plate is known. */
function addPlate(plate: Plate, frame: Planes, stays: boolean, says: Float32Array): void {
  const { width } = frame;
  const behind = planesOf(plate.pixels, frame);
  const lighter = usualStep(frame.y, behind.y);
  for (let at = 0; at < says.length; at++) {
    const x = at % width;
    const colour = (((at - x) / width) >> 1) * (width >> 1) + (x >> 1);
    const bright = leastStep((frame.y[at] as number) - lighter, behind.y, at, width);
    const half = width >> 1;
    const hues =
      Math.abs(leastStep(frame.u[colour] as number, behind.u, colour, half)) +
      Math.abs(leastStep(frame.v[colour] as number, behind.v, colour, half));
    const hue = Math.max(0, hues - GREYISH);
    // Somewhat darker and of the same colour is a shadow.
    const shadow = bright < 0 && hue < 8 && -bright < 0.45 * (behind.y[at] as number);
    const differs = 2 * hue + (shadow ? 0.35 : 1) * Math.abs(bright);
    const odds = ((differs - NOISE) / (SURE - NOISE)) * 2 * PLATE - PLATE;
    if (odds > 0) says[at] = (says[at] as number) + Math.min(PLATE + 2.5, odds + 2.5);
    else if (plate.known[at] || !stays) {
      says[at] = (says[at] as number) + Math.max(-PLATE, odds);
    }
  }
}
