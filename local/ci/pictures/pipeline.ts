import type { ChainedOperation } from '../../../shared/wire/rule-text.ts';
import { OperationError } from '../operations-port.ts';
import type { Made } from './instant-operations.ts';
import { decodeError, type Opened, pipelineOf, sharp } from './read-picture.ts';
import { type Size, thumbnailSize } from './thumbnail.ts';

// The basics of imageMogr2 and imageView2 that people chain most. What is not here is refused by name.

type Gravity =
  | 'northwest'
  | 'north'
  | 'northeast'
  | 'west'
  | 'center'
  | 'east'
  | 'southwest'
  | 'south'
  | 'southeast';

/** What a run through one link of the chain has come to. */
interface State {
  readonly bytes: Uint8Array;
  readonly size: Size;
  /** As it will be encoded. */
  readonly format: string;
  readonly quality: number | undefined;
  readonly gravity: Gravity;
  readonly interlaced: boolean;
}

type Step = (state: State, argument: string) => State | Promise<State>;

const GRAVITIES: readonly Gravity[] = [
  'northwest',
  'north',
  'northeast',
  'west',
  'center',
  'east',
  'southwest',
  'south',
  'southeast',
];

/** Runs a chain of operations. `ignore-error/1` in one of them gives the original bytes back instead. */
export async function runPipeline(
  opened: Opened,
  operations: readonly ChainedOperation[],
): Promise<Made> {
  try {
    let state: State = {
      bytes: await losslessBytes(opened),
      size: opened,
      format: opened.format === 'bmp' || opened.format === 'gif' ? 'png' : opened.format,
      quality: undefined,
      gravity: 'northwest',
      interlaced: false,
    };
    for (const operation of operations) state = await runOne(state, operation);
    return await encodedState(state);
  } catch (thrown) {
    const forgiving = operations.some(({ arguments: given }) =>
      pairsOf(given).some(([name, value]) => name === 'ignore-error' && value === '1'),
    );
    if (!forgiving) throw decodeError(thrown);
    return { bytes: opened.input, contentType: contentTypeOf(opened.format) };
  }
}

function runOne(state: State, { name, arguments: given }: ChainedOperation): Promise<State> {
  if (name === 'imageMogr2') return runSteps(state, pairsOf(given), MOGR, 'imageMogr2');
  if (name === 'imageView2') return view(state, given);
  throw new OperationError('NotImplemented', `The engine does not have ${name}`);
}

const VALUELESS = ['auto-orient', 'strip'];

/** `thumbnail/100x/strip/quality/80`: names with their values, some without. */
function pairsOf(given: readonly string[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let at = 0; at < given.length; at++) {
    const name = given[at] ?? '';
    pairs.push(VALUELESS.includes(name) ? [name, ''] : [name, given[++at] ?? '']);
  }
  return pairs;
}

async function runSteps(
  state: State,
  pairs: readonly (readonly [string, string])[],
  steps: Readonly<Record<string, Step>>,
  operation: string,
): Promise<State> {
  let current = state;
  for (const [name, value] of pairs) {
    const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
    if (!step)
      throw new OperationError('NotImplemented', `The engine does not have ${operation}/${name}`);
    current = await step(current, value);
  }
  return current;
}

const MOGR: Readonly<Record<string, Step>> = {
  thumbnail: (state, text) => resized(state, thumbnailSize(text, state.size)),
  crop: (state, text) => cropped(state, text),
  cut: (state, text) => cut(state, text),
  rotate: async (state, text) =>
    changed(state, (picture) =>
      picture.rotate(whole(text, 'rotate', 0, 360), { background: '#ffffff' }),
    ),
  'auto-orient': (state) => state,
  strip: (state) => state,
  'ignore-error': (state) => state,
  format: (state, text) => ({ ...state, format: formatNamed(text) }),
  quality: (state, text) => ({
    ...state,
    quality: whole(text.replace(/!$/, ''), 'quality', 0, 100) || 1,
  }),
  rquality: (state, text) => ({ ...state, quality: whole(text, 'rquality', 1, 100) }),
  interlace: (state, text) => ({ ...state, interlaced: text === '1' }),
  gravity: (state, text) => ({ ...state, gravity: gravityNamed(text) }),
  blur: (state, text) => changed(state, (picture) => picture.blur(sigmaIn(text))),
  sharpen: (state, text) =>
    changed(state, (picture) =>
      picture.sharpen({ sigma: Math.max(0.3, whole(text, 'sharpen', 10, 300) / 100) }),
    ),
  grayscale: (state, text) =>
    text === '1' ? changed(state, (picture) => picture.grayscale()) : state,
  flip: (state, text) =>
    changed(state, (picture) => (text === 'horizontal' ? picture.flop() : picture.flip())),
};

type Picture = ReturnType<ReturnType<typeof sharp>>;

async function changed(state: State, change: (picture: Picture) => Picture): Promise<State> {
  const { data, info } = await change(sharp()(state.bytes))
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true });
  return { ...state, bytes: data, size: { width: info.width, height: info.height } };
}

function resized(state: State, size: Size): Promise<State> {
  return changed(state, (picture) => picture.resize({ ...size, fit: 'fill' }));
}

/** `100x50`, `100x`, `x50`: from where gravity points. */
function cropped(state: State, text: string): Promise<State> {
  const [, one, other] = /^(\d{1,5})?x(\d{1,5})?$/.exec(text) ?? [];
  if (one === undefined && other === undefined) throw wrong('crop', text);
  const width = Math.min(Number(one ?? state.size.width), state.size.width);
  const height = Math.min(Number(other ?? state.size.height), state.size.height);
  if (width === 0 || height === 0) throw wrong('crop', text);
  const across = state.gravity.endsWith('west') ? 0 : state.gravity.endsWith('east') ? 1 : 0.5;
  const down = state.gravity.startsWith('north') ? 0 : state.gravity.startsWith('south') ? 1 : 0.5;
  const left = Math.round((state.size.width - width) * across);
  const top = Math.round((state.size.height - height) * down);
  return changed(state, (picture) => picture.extract({ left, top, width, height }));
}

/** `100x50x10x20`: size, then where from. */
function cut(state: State, text: string): Promise<State> {
  const [, ...numbers] = /^(\d{1,5})x(\d{1,5})x(\d{1,5})x(\d{1,5})$/.exec(text) ?? [];
  const [wide = 0, high = 0, left = 0, top = 0] = numbers.map(Number);
  const width = Math.min(wide, state.size.width - left);
  const height = Math.min(high, state.size.height - top);
  if (width <= 0 || height <= 0) throw wrong('cut', text);
  return changed(state, (picture) => picture.extract({ left, top, width, height }));
}

/** imageView2/<mode>/w/<width>/h/<height>/format/<format>/q/<quality> */
async function view(state: State, [mode = '', ...given]: readonly string[]): Promise<State> {
  const pairs = pairsOf(given);
  const side = (name: string) => {
    const text = pairs.find(([each]) => each === name)?.[1];
    return text === undefined ? undefined : whole(text, name, 1, 10_000);
  };
  const size = viewedSize(whole(mode, 'mode', 0, 5), side('w'), side('h'), state.size);
  const scaled = await resized(state, size.scaled);
  const framed = size.frame
    ? await cropped({ ...scaled, gravity: 'center' }, `${size.frame.width}x${size.frame.height}`)
    : scaled;
  const others = pairs.filter(([name]) => name !== 'w' && name !== 'h');
  return runSteps(framed, others, VIEW, 'imageView2');
}

const VIEW: Readonly<Record<string, Step>> = {
  format: (state, text) => ({ ...state, format: formatNamed(text) }),
  q: (state, text) => ({ ...state, quality: whole(text.replace(/!$/, ''), 'q', 0, 100) || 1 }),
  rq: (state, text) => ({ ...state, quality: whole(text, 'rq', 1, 100) }),
  interlace: (state, text) => ({ ...state, interlaced: text === '1' }),
  'ignore-error': (state) => state,
};

interface Viewed {
  readonly scaled: Size;
  readonly frame?: Size;
}

/** 0, 2: within a box. 1, 5: fills a box and is cut to it. 3, 4: covers a box. 0 and 4 turn it with the picture. */
function viewedSize(
  mode: number,
  w: number | undefined,
  h: number | undefined,
  size: Size,
): Viewed {
  if (w === undefined && h === undefined) throw wrong('imageView2', 'neither w nor h');
  const turned = (mode === 0 || mode === 4 || mode === 5) && size.height > size.width;
  const fills = mode === 1 || mode === 5;
  const covers = fills || mode === 3 || mode === 4;
  // A side that is not given is the other one where a box is filled, and free where it is not.
  const one = w ?? (fills ? h : undefined);
  const other = h ?? (fills ? w : undefined);
  const [wide, high] = turned ? [other, one] : [one, other];
  const scales = [
    ...(wide === undefined ? [] : [wide / size.width]),
    ...(high === undefined ? [] : [high / size.height]),
  ];
  const scale = covers ? Math.max(...scales) : Math.min(1, ...scales);
  const scaled = {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
  return fills && wide !== undefined && high !== undefined
    ? { scaled, frame: { width: wide, height: high } }
    : { scaled };
}

async function losslessBytes(opened: Opened): Promise<Uint8Array> {
  return pipelineOf(opened).toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer();
}

async function encodedState({ bytes, format, quality, interlaced }: State): Promise<Made> {
  const picture = sharp()(bytes);
  const options = quality === undefined ? {} : { quality };
  if (format === 'jpeg') {
    const flat = picture.flatten({ background: '#ffffff' });
    return {
      bytes: await flat.jpeg({ ...options, progressive: interlaced }).toBuffer(),
      contentType: 'image/jpeg',
    };
  }
  if (format === 'webp')
    return { bytes: await picture.webp(options).toBuffer(), contentType: 'image/webp' };
  if (format === 'gif') return { bytes: await picture.gif().toBuffer(), contentType: 'image/gif' };
  return {
    bytes: await picture.png({ progressive: interlaced }).toBuffer(),
    contentType: 'image/png',
  };
}

function formatNamed(text: string): string {
  const name = text.toLowerCase() === 'jpg' ? 'jpeg' : text.toLowerCase();
  if (['jpeg', 'png', 'webp', 'gif'].includes(name)) return name;
  throw new OperationError('NotImplemented', `The engine does not write ${text}`);
}

function gravityNamed(text: string): Gravity {
  const found = GRAVITIES.find((each) => each === text.toLowerCase());
  if (found) return found;
  throw wrong('gravity', text);
}

/** `<radius>x<sigma>` */
function sigmaIn(text: string): number {
  const sigma = Number(/^\d{1,2}x(\d{1,3}(?:\.\d{1,3})?)$/.exec(text)?.[1]);
  if (sigma >= 0.3) return sigma;
  throw wrong('blur', text);
}

function whole(text: string, name: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw wrong(name, text);
}

function wrong(name: string, given: string): OperationError {
  return new OperationError('InvalidArgument', `${name} cannot be "${given}"`);
}

function contentTypeOf(format: string): string {
  return `image/${format}`;
}
