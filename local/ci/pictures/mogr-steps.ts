import {
  changed,
  cropped,
  formatStep,
  GRAVITIES,
  interlaceStep,
  noStep,
  oneOf,
  qualityStep,
  type ReadStep,
  relativeQualityStep,
  resized,
  whole,
  wrong,
} from './pipeline-step.ts';
import { checkSize } from './read-picture.ts';
import { readThumbnail, type Size } from './thumbnail.ts';

/** The steps of imageMogr2 that people chain most. A picture is upright and bare before the first. */
export const MOGR_STEPS: Readonly<Record<string, ReadStep>> = {
  thumbnail: (text) => {
    const sizeOf = readThumbnail(text);
    return (state) => resized(state, sizeOf(state.size));
  },
  crop: (text) => {
    // `100x50`, `100x`, `x50`
    const [, one, other] = /^(\d{1,5})?x(\d{1,5})?$/.exec(text) ?? [];
    if (one === undefined && other === undefined) throw wrong('crop', text);
    if (Number(one ?? 1) === 0 || Number(other ?? 1) === 0) throw wrong('crop', text);
    return (state) =>
      cropped(state, {
        width: Number(one ?? state.size.width),
        height: Number(other ?? state.size.height),
      });
  },
  cut: (text) => {
    // `100x50x10x20`: size, then where from.
    const [, ...numbers] = /^(\d{1,5})x(\d{1,5})x(\d{1,5})x(\d{1,5})$/.exec(text) ?? [];
    const [wide = 0, high = 0, left = 0, top = 0] = numbers.map(Number);
    if (wide === 0 || high === 0) throw wrong('cut', text);
    return (state) => {
      const width = Math.min(wide, state.size.width - left);
      const height = Math.min(high, state.size.height - top);
      if (width <= 0 || height <= 0) throw wrong('cut', text);
      return changed(state, (picture) => picture.extract({ left, top, width, height }));
    };
  },
  rotate: (text) => {
    const degrees = whole(text, 'rotate', 0, 360);
    return (state) => {
      // Turned by half a right angle, a narrow strip is a huge square.
      const { width, height } = turned(state.size, degrees);
      checkSize(width, height);
      return changed(state, (picture) => picture.rotate(degrees, { background: '#ffffff' }));
    };
  },
  'auto-orient': noStep,
  strip: noStep,
  'ignore-error': noStep,
  format: formatStep,
  quality: qualityStep,
  rquality: relativeQualityStep,
  interlace: interlaceStep,
  gravity: (text) => {
    const gravity = oneOf(text, 'gravity', GRAVITIES);
    return (state) => ({ ...state, gravity });
  },
  blur: (text) => {
    // `<radius>x<sigma>`
    const sigma = Number(/^\d{1,2}x(\d{1,3}(?:\.\d{1,3})?)$/.exec(text)?.[1]);
    if (!(sigma >= 0.3)) throw wrong('blur', text);
    return (state) => changed(state, (picture) => picture.blur(sigma));
  },
  sharpen: (text) => {
    const sigma = Math.max(0.3, whole(text, 'sharpen', 10, 300) / 100);
    return (state) => changed(state, (picture) => picture.sharpen({ sigma }));
  },
  grayscale: (text) =>
    oneOf(text, 'grayscale', ['0', '1']) === '1'
      ? (state) => changed(state, (picture) => picture.grayscale())
      : (state) => state,
  flip: (text) =>
    oneOf(text, 'flip', ['horizontal', 'vertical']) === 'horizontal'
      ? (state) => changed(state, (picture) => picture.flop())
      : (state) => changed(state, (picture) => picture.flip()),
};

/** How large a turned picture is at most. */
function turned({ width, height }: Size, degrees: number): Size {
  const angle = (degrees * Math.PI) / 180;
  const [across, down] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  // What a right angle leaves over by rounding must not make a side longer.
  return {
    width: Math.ceil(width * across + height * down - 1e-6),
    height: Math.ceil(width * down + height * across - 1e-6),
  };
}
