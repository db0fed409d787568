import { OperationError } from '../operations-port.ts';
import { checkSize, picture } from './read-picture.ts';
import type { Size } from './thumbnail.ts';

export const GRAVITIES = [
  'northwest',
  'north',
  'northeast',
  'west',
  'center',
  'east',
  'southwest',
  'south',
  'southeast',
] as const;

type Gravity = (typeof GRAVITIES)[number];

/** What a run through a chain has come to. */
export interface State {
  readonly bytes: Uint8Array;
  readonly size: Size;
  /** As it will be encoded. */
  readonly format: string;
  readonly quality: number | undefined;
  readonly gravity: Gravity;
  readonly interlaced: boolean;
}

export type Step = (state: State) => State | Promise<State>;

/** Reads the argument of a step; what it cannot be is refused here, before any picture is seen. */
export type ReadStep = (text: string) => Step;

type Picture = ReturnType<typeof picture>;

/** What a step makes of the picture. A chain cannot make it grow without end. */
export async function changed(state: State, change: (picture: Picture) => Picture): Promise<State> {
  const { data, info } = await change(picture(state.bytes))
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true });
  checkSize(info.width, info.height);
  return { ...state, bytes: data, size: { width: info.width, height: info.height } };
}

export function resized(state: State, { width, height }: Size): Promise<State> {
  checkSize(width, height);
  return changed(state, (picture) => picture.resize({ width, height, fit: 'fill' }));
}

/** From where gravity points; never more than there is. */
export function cropped(state: State, wanted: Size): Promise<State> {
  const width = Math.min(wanted.width, state.size.width);
  const height = Math.min(wanted.height, state.size.height);
  const across = state.gravity.endsWith('west') ? 0 : state.gravity.endsWith('east') ? 1 : 0.5;
  const down = state.gravity.startsWith('north') ? 0 : state.gravity.startsWith('south') ? 1 : 0.5;
  const left = Math.round((state.size.width - width) * across);
  const top = Math.round((state.size.height - height) * down);
  return changed(state, (picture) => picture.extract({ left, top, width, height }));
}

export function whole(text: string, name: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw wrong(name, text);
}

export function oneOf<T extends string>(text: string, name: string, of: readonly T[]): T {
  const found = of.find((each) => each === text.toLowerCase());
  if (found !== undefined) return found;
  throw wrong(name, text);
}

export function wrong(name: string, given: string): OperationError {
  return new OperationError('InvalidArgument', `${name} cannot be "${given}"`);
}

/** Steps that only say how the result is written; both families of operations have them. */
export const formatStep: ReadStep = (text) => {
  const name = text.toLowerCase() === 'jpg' ? 'jpeg' : text.toLowerCase();
  if (['jpeg', 'png', 'webp', 'gif'].includes(name)) return (state) => ({ ...state, format: name });
  throw new OperationError('NotImplemented', `The engine does not write ${text}`);
};

/** `80`, or `80!` for this quality whatever the picture had. */
export const qualityStep: ReadStep = (text) => {
  const quality = whole(text.replace(/!$/, ''), 'quality', 0, 100) || 1;
  return (state) => ({ ...state, quality });
};

export const relativeQualityStep: ReadStep = (text) => {
  const quality = whole(text, 'rquality', 1, 100);
  return (state) => ({ ...state, quality });
};

export const interlaceStep: ReadStep = (text) => {
  const interlaced = oneOf(text, 'interlace', ['0', '1']) === '1';
  return (state) => ({ ...state, interlaced });
};

/** What was done before, or is said elsewhere. */
export const noStep: ReadStep = () => (state) => state;
