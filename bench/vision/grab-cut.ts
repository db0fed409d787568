import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Pixels } from '../../local/vision/pixels.ts';

/** GrabCut as everybody begins with it: a rectangle 3 % from the border, five rounds, 320 pixels. */
export type GrabCut = (pixels: Pixels) => Promise<Uint8Array>;

const SIDE = 320;
const ROUNDS = 5;

type Cv = typeof import('@techstark/opencv-js');

export async function openCvJs(): Promise<GrabCut> {
  // Not awaited itself: it has a "then" that gives it again, for ever.
  const cv = createRequire(import.meta.url)('@techstark/opencv-js') as Cv;
  if (!cv.Mat) {
    await new Promise<void>((done) => {
      cv.onRuntimeInitialized = done;
    });
  }
  return async (pixels) => {
    const { data, width, height } = await small(pixels);
    const image = cv.matFromArray(height, width, cv.CV_8UC3, [...data]);
    const mask = new cv.Mat();
    const [ground, subject] = [new cv.Mat(), new cv.Mat()];
    const inset = Math.round(0.03 * Math.min(width, height));
    const box = new cv.Rect(inset, inset, width - 2 * inset, height - 2 * inset);
    cv.grabCut(image, mask, box, ground, subject, ROUNDS, cv.GC_INIT_WITH_RECT);
    const found = Uint8Array.from(mask.data, (value) => ((value & 1) === 1 ? 255 : 0));
    for (const each of [image, mask, ground, subject]) each.delete();
    return enlarged(found, width, height, pixels);
  };
}

/** Debian's python3-opencv, where it is installed. */
export function nativeOpenCv(): GrabCut | undefined {
  const probe = spawnSync('python3', ['-c', 'import cv2, numpy']);
  if (probe.status !== 0) return undefined;
  return async (pixels) => {
    const { data, width, height } = await small(pixels);
    const folder = mkdtempSync(join(tmpdir(), 'darkroom-bench-'));
    try {
      writeFileSync(join(folder, 'in'), data);
      const { status, stderr } = spawnSync('python3', [
        '-c',
        SCRIPT,
        folder,
        `${width}`,
        `${height}`,
      ]);
      if (status !== 0) throw new Error(`python3-opencv failed: ${stderr}`);
      return await enlarged(readFileSync(join(folder, 'out')), width, height, pixels);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

const SCRIPT = `
import sys, cv2, numpy as np
folder, w, h = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
image = np.fromfile(folder + '/in', np.uint8).reshape(h, w, 3)
mask = np.zeros((h, w), np.uint8); bg = np.zeros((1, 65)); fg = np.zeros((1, 65))
inset = round(0.03 * min(w, h))
cv2.grabCut(image, mask, (inset, inset, w - 2 * inset, h - 2 * inset), bg, fg, ${ROUNDS}, cv2.GC_INIT_WITH_RECT)
((mask & 1) * 255).astype(np.uint8).tofile(folder + '/out')
`;

async function small({ width, height, data }: Pixels) {
  const { data: shrunk, info } = await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .resize(SIDE, SIDE, { fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: shrunk, width: info.width, height: info.height };
}

async function enlarged(mask: Uint8Array, width: number, height: number, to: Pixels) {
  return sharp(mask, { raw: { width, height, channels: 1 } })
    .resize(to.width, to.height, { fit: 'fill', kernel: 'nearest' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
}
