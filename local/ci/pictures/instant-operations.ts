import type { Pixels } from '../../vision/pixels.ts';
import type { Asked, Craft, Made } from './craft.ts';
import { cutOut } from './instant-subject.ts';
import { laidOut, subjectBox } from './layout.ts';
import { maskOf } from './mask.ts';
import { type Opened, picture, pipelineOf, pixelsOf } from './read-picture.ts';
import { asBefore, asPng, asPngAsBefore } from './write-picture.ts';

const GREY = [128, 128, 128, 255];

/**
 * Operations that keep every promise about sizes and places and none about beauty: a subject is what
 * does not look like the border, a repair is a flat colour. For tests of everything around the pixels.
 */
export const INSTANTLY: Craft = {
  matting: async (opened, { layout }) => asPng(laidOut(cutOut(await pixelsOf(opened)), layout)),
  repair,
  magnify: (opened, { times }) =>
    resized(opened, { width: opened.width * times, height: opened.height * times }),
  colour: (opened) => resized(opened, opened),
  enhance: (opened) => resized(opened, opened),
  crop: async (opened, asked) => croppedTo(opened, asked, cutOut(await pixelsOf(opened))),
};

async function repair(
  opened: Opened,
  { polygons }: Asked<'repair'>,
  maskPicture: Uint8Array | undefined,
): Promise<Made> {
  const mask = await maskOf(polygons, maskPicture, opened.width, opened.height);
  const pixels = await pixelsOf(opened);
  mask?.forEach((marked, at) => {
    if (marked === 255) pixels.data.set(GREY, at * 4);
  });
  return asPngAsBefore(pixels, opened);
}

/** Around the subject as far as there is one: exact, or only of this shape. */
export async function croppedTo(
  opened: Opened,
  wanted: Asked<'crop'>,
  subject: Pixels,
): Promise<Made> {
  const { width, height } = opened;
  const scale = wanted.exact ? 1 : Math.min(width / wanted.width, height / wanted.height);
  const size = {
    width: Math.max(1, Math.round(wanted.width * scale)),
    height: Math.max(1, Math.round(wanted.height * scale)),
  };
  const box = subjectBox(subject) ?? { left: 0, top: 0, width, height };
  const left = clamp(box.left + Math.round((box.width - size.width) / 2), width - size.width);
  const top = clamp(box.top + Math.round((box.height - size.height) / 2), height - size.height);
  return asBefore(picture(await uprightPng(opened)).extract({ left, top, ...size }), opened.format);
}

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(value, max));
}

async function resized(
  opened: Opened,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Made> {
  const upright = picture(await uprightPng(opened));
  return asBefore(upright.resize({ width, height, fit: 'fill', kernel: 'nearest' }), opened.format);
}

function uprightPng(opened: Opened): Promise<Buffer> {
  return pipelineOf(opened).toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer();
}
