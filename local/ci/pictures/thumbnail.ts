import { OperationError } from '../operations-port.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Sides in options above this are taken as this. */
const MAX_SIDE = 10_000;

export function largestSide(side: number): number {
  return Math.min(MAX_SIDE, Math.max(1, Math.round(side)));
}

/** How a picture is to be resized: to this size, stretched where the shapes differ. */
export function readThumbnail(text: string): (size: Size) => Size {
  const refused = new OperationError('InvalidArgument', `thumbnail cannot be "${text}"`);
  // Whether a text means anything does not depend on the picture.
  if (!sizeFor(text, 1, 1)) throw refused;
  return ({ width, height }) => {
    const size = sizeFor(text, width, height);
    if (!size) throw refused;
    return { width: largestSide(size.width), height: largestSide(size.height) };
  };
}

function sizeFor(text: string, width: number, height: number): Size | undefined {
  const scaled = (x: number, y: number): Size => ({ width: width * x, height: height * y });
  const percent = /^!(\d{1,4})?(?:x(\d{1,4}))?p(x)?$/.exec(text);
  if (percent) {
    // `!50p` both sides, `!50px` the width alone, `!x50p` the height alone.
    const [, one, other, widthOnly] = percent;
    if (other !== undefined && one === undefined) return scaled(1, Number(other) / 100);
    if (one === undefined || other !== undefined) return undefined;
    return scaled(Number(one) / 100, widthOnly ? 1 : Number(one) / 100);
  }
  const area = /^(\d{1,9})@$/.exec(text)?.[1];
  if (area !== undefined) {
    const scale = Math.min(1, Math.sqrt(Number(area) / (width * height)));
    return scaled(scale, scale);
  }
  const shortest = /^!(\d{1,5})x(\d{1,5})r$/.exec(text);
  if (shortest) {
    const scale = Math.max(Number(shortest[1]) / width, Number(shortest[2]) / height);
    return scaled(scale, scale);
  }
  const [, one, other, how = ''] = /^(\d{1,5})?x(\d{1,5})?([!<>]?)$/.exec(text) ?? [];
  if (one === undefined && other === undefined) return undefined;
  if (how === '!' && one !== undefined && other !== undefined) {
    return { width: Number(one), height: Number(other) };
  }
  const scale = Math.min(
    one === undefined ? Number.POSITIVE_INFINITY : Number(one) / width,
    other === undefined ? Number.POSITIVE_INFINITY : Number(other) / height,
  );
  if (how === '>' && scale >= 1) return { width, height };
  if (how === '<' && scale <= 1) return { width, height };
  return scaled(scale, scale);
}
