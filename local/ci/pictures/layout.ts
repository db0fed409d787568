import { emptyPixels, type Pixels, place } from '../../vision/pixels.ts';

/** What `center-layout` and `padding-layout` ask for. */
export interface Layout {
  readonly centre: boolean;
  readonly padding: readonly [leftRight: number, topBottom: number];
}

/** How large the picture becomes. */
export function canvasOf(
  { width, height }: Pick<Pixels, 'width' | 'height'>,
  { padding: [besides, above] }: Layout,
): Pick<Pixels, 'width' | 'height'> {
  return { width: width + 2 * besides, height: height + 2 * above };
}

/** Both at once: the subject is centred on a canvas of the same size first, then the canvas grows. */
export function laidOut(cutOut: Pixels, layout: Layout): Pixels {
  const [besides, above] = layout.padding;
  const [right, down] = layout.centre ? wayToCentre(cutOut) : [0, 0];
  if ([besides, above, right, down].every((distance) => distance === 0)) return cutOut;
  const { width, height } = canvasOf(cutOut, layout);
  const canvas = emptyPixels(width, height);
  // What can be seen stays within the canvas it was centred on; what falls outside is transparent.
  place(canvas, cutOut, besides + right, above + down);
  return canvas;
}

/** How far the subject has to move; not at all where there is none. */
function wayToCentre(cutOut: Pixels): readonly [right: number, down: number] {
  const box = subjectBox(cutOut);
  if (!box) return [0, 0];
  return [
    Math.floor((cutOut.width - box.width) / 2) - box.left,
    Math.floor((cutOut.height - box.height) / 2) - box.top,
  ];
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
