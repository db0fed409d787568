/** What a model can be plugged in for. */
export const MODEL_USES = [
  'matting',
  'repair',
  'super-resolution',
  'colouring',
  'human-seg',
] as const;
export type ModelUse = (typeof MODEL_USES)[number];

/** What a model file does not say of itself: how it wants its picture, and what its answer means. */
export interface ModelCard {
  /** For the header `x-darkroom-engine`. */
  readonly name: string;
  /** Names of tensors. */
  readonly input: string;
  readonly output: string;
  /** Where a repair wants its mask, and what marks the pixels that go. */
  readonly mask: string | undefined;
  readonly removes: 0 | 1;
  /** States of a recurrent model: which output is the next input. */
  readonly states: Readonly<Record<string, string>>;
  readonly layout: 'NCHW' | 'NHWC';
  readonly order: 'RGB' | 'BGR' | 'L';
  readonly type: 'float32' | 'uint8';
  /** Width and height, or any. */
  readonly size: readonly [width: number, height: number] | 'any';
  /** Where any size will do: sides are multiples of this, and the longer is at most so long. */
  readonly multiple: number;
  readonly longest: number;
  readonly fit: 'stretch' | 'letterbox';
  /** What black and white become, before mean and deviation are applied. */
  readonly range: readonly [black: number, white: number];
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** What of the answer is black and white, or nothing and all. */
  readonly outputRange: readonly [none: number, all: number];
  readonly gives: 'alpha' | 'picture' | 'ab';
  /** How many times as wide and high the answer is. */
  readonly times: 1 | 2 | 4;
}

/** What is wrong with a model or its card, as a sentence for whoever started the engine. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

const KEYS = [
  ...['name', 'input', 'output', 'mask', 'removes', 'states', 'layout', 'order', 'type', 'size'],
  ...['multiple', 'longest', 'fit', 'range', 'mean', 'std', 'outputRange', 'gives', 'times'],
];
const GIVES: Readonly<Record<ModelUse, readonly ModelCard['gives'][]>> = {
  matting: ['alpha'],
  'human-seg': ['alpha'],
  repair: ['picture'],
  'super-resolution': ['picture'],
  colouring: ['ab', 'picture'],
};

/** Reads the JSON beside a model. Whatever is left out has a default; a misspelt key is a problem. */
export function readCard(text: string, use: ModelUse): ModelCard {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    throw new ModelError('is not JSON');
  }
  if (typeof said !== 'object' || said === null || Array.isArray(said)) {
    throw new ModelError('is not an object of JSON');
  }
  const card = said as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(card).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw new ModelError(`has a key "${unknown}" that nobody knows`);

  const order = oneOf<ModelCard['order']>(
    card,
    'order',
    use === 'colouring' ? ['L', 'RGB', 'BGR'] : ['RGB', 'BGR', 'L'],
  );
  const channels = order === 'L' ? 1 : 3;
  const read: ModelCard = {
    name: word(card, 'name', `${use}-model`),
    input: tensorName(card, 'input'),
    output: tensorName(card, 'output'),
    mask: card['mask'] === undefined ? undefined : tensorName(card, 'mask'),
    removes: oneOf(card, 'removes', [1, 0]),
    states: states(card),
    layout: oneOf(card, 'layout', ['NCHW', 'NHWC']),
    order,
    type: oneOf(card, 'type', ['float32', 'uint8']),
    size: size(card),
    multiple: whole(card, 'multiple', 1, 512, 1),
    longest: whole(card, 'longest', 16, 8192, 1024),
    fit: oneOf(card, 'fit', ['stretch', 'letterbox']),
    range: pair(card, 'range', [0, 1]),
    mean: numbers(card, 'mean', channels, 0),
    std: numbers(card, 'std', channels, 1),
    outputRange: pair(card, 'outputRange', [0, 1]),
    gives: oneOf(card, 'gives', GIVES[use]),
    times: oneOf(card, 'times', use === 'super-resolution' ? [2, 4] : [1]),
  };
  if (read.std.includes(0)) throw new ModelError('has a 0 in "std"');
  if (use === 'repair' && read.mask === undefined) throw new ModelError('does not say "mask"');
  return read;
}

type Card = Readonly<Record<string, unknown>>;

function tensorName(card: Card, key: string): string {
  const value = card[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new ModelError(`does not say "${key}", the name of a tensor`);
}

function word(card: Card, key: string, or: string): string {
  const value = card[key] ?? or;
  if (typeof value === 'string' && /^[\w.-]{1,64}$/.test(value)) return value;
  throw new ModelError(`"${key}" is up to 64 letters, digits, dots and dashes`);
}

function oneOf<Value>(card: Card, key: string, values: readonly Value[]): Value {
  const value = card[key] ?? values[0];
  const found = values.find((each) => each === value);
  if (found !== undefined) return found;
  throw new ModelError(`"${key}" is ${values.join(' or ')}, not ${JSON.stringify(value)}`);
}

function whole(card: Card, key: string, min: number, max: number, or: number): number {
  const value = card[key] ?? or;
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) {
    return value as number;
  }
  throw new ModelError(`"${key}" is a whole number from ${min} to ${max}`);
}

function numbers(card: Card, key: string, count: number, or: number): readonly number[] {
  const value = card[key] ?? Array.from({ length: count }, () => or);
  const fits = Array.isArray(value) && value.length === count && value.every(Number.isFinite);
  if (fits) return value;
  throw new ModelError(`"${key}" is a list of ${count} numbers`);
}

function pair(card: Card, key: string, or: readonly [number, number]): readonly [number, number] {
  const [first = 0, second = 0] = numbers({ [key]: card[key] ?? or }, key, 2, 0);
  if (first !== second) return [first, second];
  throw new ModelError(`"${key}" has the same number twice`);
}

function size(card: Card): ModelCard['size'] {
  const value = card['size'] ?? 'any';
  if (value === 'any') return 'any';
  const fits = Array.isArray(value) && value.length === 2;
  if (fits && value.every((side) => Number.isInteger(side) && side >= 8 && side <= 4096)) {
    return [value[0], value[1]];
  }
  throw new ModelError('"size" is "any" or width and height, such as [320, 320]');
}

function states(card: Card): Readonly<Record<string, string>> {
  const value = card['states'] ?? {};
  const fits = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (fits && Object.values(value).every((name) => typeof name === 'string')) {
    return value as Readonly<Record<string, string>>;
  }
  throw new ModelError('"states" names for each input the output that becomes it');
}
