import { createRequire } from 'node:module';
import type { Pixels } from '../../local/vision/pixels.ts';

/** Fills what a mask covers by a method of OpenCV, with its usual radius of 5. */
export type Inpainting = (
  picture: Pixels,
  mask: Uint8Array,
  method: 'INPAINT_TELEA' | 'INPAINT_NS',
) => Pixels;

type Cv = typeof import('@techstark/opencv-js');

/** Never awaited, nor returned by what is: the module has a "then" that gives itself again, for ever. */
export async function openCvInpainting(): Promise<Inpainting> {
  const cv = createRequire(import.meta.url)('@techstark/opencv-js') as Cv;
  if (!cv.Mat) {
    await new Promise<void>((done) => {
      cv.onRuntimeInitialized = done;
    });
  }
  return ({ width, height, data }, mask, method) => {
    const rgba = cv.matFromArray(height, width, cv.CV_8UC4, data as never);
    const marked = cv.matFromArray(height, width, cv.CV_8UC1, mask as never);
    const [rgb, filled] = [new cv.Mat(), new cv.Mat()];
    cv.cvtColor(rgba, rgb, cv.COLOR_RGBA2RGB);
    cv.inpaint(rgb, marked, filled, 5, cv[method]);
    const made = data.slice();
    for (let at = 0; at < width * height; at++) {
      for (let c = 0; c < 3; c++) made[at * 4 + c] = filled.data[at * 3 + c] ?? 0;
    }
    for (const each of [rgba, marked, rgb, filled]) each.delete();
    return { width, height, data: made };
  };
}
