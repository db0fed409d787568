import {
  cropped,
  formatStep,
  interlaceStep,
  noStep,
  qualityStep,
  type ReadStep,
  relativeQualityStep,
  resized,
  type Step,
  whole,
  wrong,
} from './pipeline-step.ts';
import { largestSide, type Size } from './thumbnail.ts';

/** What follows the mode and the box of imageView2. */
export const VIEW_STEPS: Readonly<Record<string, ReadStep>> = {
  format: formatStep,
  q: qualityStep,
  rq: relativeQualityStep,
  interlace: interlaceStep,
  'ignore-error': noStep,
};

/** imageView2/<mode>/w/<width>/h/<height>: into a box, around one, or cut to it. */
export function viewStep(modeText: string, given: ReadonlyMap<string, string>): Step {
  const mode = whole(modeText, 'mode', 0, 5);
  const side = (name: string) => {
    const text = given.get(name);
    return text === undefined ? undefined : largestSide(whole(text, name, 1, 999_999));
  };
  const [w, h] = [side('w'), side('h')];
  if (w === undefined && h === undefined) throw wrong('imageView2', 'neither w nor h');
  return async (state) => {
    const { scaled, frame } = viewedSize(mode, w, h, state.size);
    const whole = await resized(state, scaled);
    if (!frame) return whole;
    return { ...(await cropped({ ...whole, gravity: 'center' }, frame)), gravity: state.gravity };
  };
}

interface Viewed {
  readonly scaled: Size;
  readonly frame?: Size;
}

/** 0, 2: within a box. 1, 5: fills a box and is cut to it. 3, 4: covers a box. 0, 4 and 5 turn it with the picture. */
function viewedSize(
  mode: number,
  w: number | undefined,
  h: number | undefined,
  size: Size,
): Viewed {
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
