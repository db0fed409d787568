import { emptyPixels, type Pixels, place } from './pixels.ts';

/** What `center-layout` and `padding-layout` ask for. */
export interface Layout {
  readonly centre: boolean;
  readonly padding: readonly [leftRight: number, topBottom: number];
}

/** Both at once: the subject is centred on a canvas of the same size first, then the canvas grows. */
export function laidOut(cutOut: Pixels, { centre, padding }: Layout): Pixels {
  const centred = centre ? centredSubject(cutOut) : cutOut;
  const [besides, above] = padding;
  if (besides === 0 && above === 0) return centred;
  const canvas = emptyPixels(centred.width + 2 * besides, centred.height + 2 * above);
  place(canvas, centred, besides, above);
  return canvas;
}

function centredSubject(cutOut: Pixels): Pixels {
  const box = subjectBox(cutOut);
  if (!box) return cutOut;
  const left = Math.floor((cutOut.width - box.width) / 2) - box.left;
  const top = Math.floor((cutOut.height - box.height) / 2) - box.top;
  const canvas = emptyPixels(cutOut.width, cutOut.height);
  place(canvas, cutOut, left, top);
  return canvas;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The smallest box that holds every pixel that can be seen; nothing when none can. */
export function subjectBox({ width, height, data }: Pixels): Box | undefined {
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[(y * width + x) * 4 + 3] === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}
