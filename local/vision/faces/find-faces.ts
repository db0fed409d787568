import cascade from './frontal-face.json' with { type: 'json' };

/** How light a picture is, one byte a pixel. */
export interface Light {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Where a face is: its middle, and the side of the square around it. */
export interface Face {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

// The trained file is OpenCV's frontal face cascade by Rainer Lienhart; its licence stands in it. What is
// here evaluates it: sums over rectangles, trees of two questions, and stages that end at the first no.

/** The window of the cascade, and the part of it by which its contrast is measured. */
const SIDE = cascade.side;
const INNER = SIDE - 2;
const GROWTH = 1.15;
const LEAST_NEIGHBOURS = 3;
const LARGEST_SHARE = 0.95;
/** For a question: where to go on, left and right; the threshold; and up to three rectangles of five. */
const NUMBERS = 3 + 3 * 5;

interface Stage {
  readonly threshold: number;
  /** Two questions a tree. */
  readonly questions: Float64Array;
  /** Three answers a tree. */
  readonly answers: Float64Array;
}

const STAGES: readonly Stage[] = (
  cascade.stages as unknown as readonly [number, readonly [number[][], number[]][]][]
).map(([threshold, trees]) => {
  const questions = new Float64Array(trees.length * 2 * NUMBERS);
  const answers = new Float64Array(trees.length * 3);
  trees.forEach(([nodes, leaves], tree) => {
    nodes.forEach((node, at) => {
      questions.set(node, (tree * 2 + at) * NUMBERS);
    });
    answers.set(leaves, tree * 3);
  });
  return { threshold, questions, answers };
});

const NO_STAGE: Stage = {
  threshold: 0,
  questions: new Float64Array(),
  answers: new Float64Array(),
};
const NO_CORNERS = new Int32Array();

/** The faces that look this way, the largest first. Small pictures are enough: some 20 pixels a face. */
export function findFaces(light: Light): readonly Face[] {
  const found: Face[] = [];
  const largest = Math.min(light.width, light.height) * LARGEST_SHARE;
  for (let scale = 1; SIDE * scale <= largest; scale *= GROWTH) {
    const sums = sumsOf(scaledDown(light, scale));
    const corners = STAGES.map(({ questions }) => cornersOf(questions, sums.width + 1));
    const step = scale > 2 ? 1 : 2;
    for (let y = 0; y + SIDE <= sums.height; y += step) {
      for (let x = 0; x + SIDE <= sums.width; x += step) {
        if (!isFace(sums, corners, x, y)) continue;
        found.push({ x: (x + SIDE / 2) * scale, y: (y + SIDE / 2) * scale, side: SIDE * scale });
      }
    }
  }
  return grouped(found);
}

function scaledDown({ width, height, data }: Light, scale: number): Light {
  if (scale === 1) return { width, height, data };
  const wide = Math.floor(width / scale);
  const high = Math.floor(height / scale);
  const small = new Uint8Array(wide * high);
  for (let y = 0; y < high; y++) {
    const top = Math.floor(y * scale);
    const bottom = Math.min(height, Math.max(top + 1, Math.floor((y + 1) * scale)));
    for (let x = 0; x < wide; x++) {
      const left = Math.floor(x * scale);
      const right = Math.min(width, Math.max(left + 1, Math.floor((x + 1) * scale)));
      let sum = 0;
      for (let v = top; v < bottom; v++) {
        for (let u = left; u < right; u++) sum += data[v * width + u] ?? 0;
      }
      small[y * wide + x] = sum / ((bottom - top) * (right - left));
    }
  }
  return { width: wide, height: high, data: small };
}

/** Sums of all pixels above and to the left, and of their squares. */
interface Sums {
  readonly width: number;
  readonly height: number;
  readonly plain: Float64Array;
  readonly squares: Float64Array;
}

function sumsOf({ width, height, data }: Light): Sums {
  const line = width + 1;
  const plain = new Float64Array(line * (height + 1));
  const squares = new Float64Array(line * (height + 1));
  for (let y = 0; y < height; y++) {
    let sum = 0;
    let square = 0;
    for (let x = 0; x < width; x++) {
      const value = data[y * width + x] ?? 0;
      sum += value;
      square += value * value;
      const at = (y + 1) * line + x + 1;
      plain[at] = (plain[at - line] ?? 0) + sum;
      squares[at] = (squares[at - line] ?? 0) + square;
    }
  }
  return { width, height, plain, squares };
}

function over(sums: Float64Array, at: number, line: number, width: number, height: number): number {
  const below = at + height * line;
  return (
    (sums[below + width] ?? 0) - (sums[below] ?? 0) - (sums[at + width] ?? 0) + (sums[at] ?? 0)
  );
}

/** Where the four corners of each rectangle lie in sums of so many a line, from that of the window. */
function cornersOf(questions: Float64Array, line: number): Int32Array {
  const corners = new Int32Array((questions.length / NUMBERS) * 12);
  let to = 0;
  for (let at = 0; at < questions.length; at += NUMBERS) {
    for (let rect = at + 3; rect < at + NUMBERS; rect += 5) {
      const place = (questions[rect + 1] ?? 0) * line + (questions[rect] ?? 0);
      const right = place + (questions[rect + 2] ?? 0);
      const down = (questions[rect + 3] ?? 0) * line;
      corners[to++] = place;
      corners[to++] = right;
      corners[to++] = place + down;
      corners[to++] = right + down;
    }
  }
  return corners;
}

function isFace(
  { width, plain, squares }: Sums,
  corners: readonly Int32Array[],
  x: number,
  y: number,
): boolean {
  const line = width + 1;
  const corner = y * line + x;
  const inner = corner + line + 1;
  const sum = over(plain, inner, line, INNER, INNER);
  const spread = INNER * INNER * over(squares, inner, line, INNER, INNER) - sum * sum;
  // Nothing that is all but flat is a face.
  if (spread < (INNER * INNER * 4) ** 2) return false;
  const scale = 1 / Math.sqrt(spread);
  for (let stage = 0; stage < STAGES.length; stage++) {
    const { threshold, questions, answers } = STAGES[stage] ?? NO_STAGE;
    const places = corners[stage] ?? NO_CORNERS;
    let total = 0;
    for (let tree = 0; tree * 3 < answers.length; tree++) {
      let node = 0;
      do {
        const at = (tree * 2 + node) * NUMBERS;
        let value = 0;
        for (let rect = 0, four = (tree * 2 + node) * 12; rect < 3; rect++, four += 4) {
          const weight = questions[at + 7 + rect * 5] ?? 0;
          if (weight === 0) break;
          value +=
            weight *
            ((plain[corner + (places[four + 3] ?? 0)] ?? 0) -
              (plain[corner + (places[four + 2] ?? 0)] ?? 0) -
              (plain[corner + (places[four + 1] ?? 0)] ?? 0) +
              (plain[corner + (places[four] ?? 0)] ?? 0));
        }
        const less = value * scale < (questions[at + 2] ?? 0);
        node = (less ? questions[at] : questions[at + 1]) ?? 0;
      } while (node > 0);
      total += answers[tree * 3 - node] ?? 0;
    }
    if (total < threshold - 1e-5) return false;
  }
  return true;
}

/** Finds of one face lie close together: their mean, when there are enough. */
function grouped(found: readonly Face[]): readonly Face[] {
  const groups: Face[][] = [];
  for (const face of found) {
    const group = groups.find(([first]) => first && isSame(first, face));
    if (group) group.push(face);
    else groups.push([face]);
  }
  return groups
    .filter((group) => group.length >= LEAST_NEIGHBOURS)
    .map((group) => {
      const mean = (of: (face: Face) => number) =>
        group.reduce((sum, face) => sum + of(face), 0) / group.length;
      return {
        x: mean((face) => face.x),
        y: mean((face) => face.y),
        side: mean((face) => face.side),
      };
    })
    .sort((one, other) => other.side - one.side);
}

function isSame(one: Face, other: Face): boolean {
  const side = Math.max(one.side, other.side);
  const ratio = side / Math.min(one.side, other.side);
  return Math.hypot(one.x - other.x, one.y - other.y) < 0.3 * side && ratio < 1.6;
}
