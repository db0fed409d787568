import sharp from 'sharp';

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A white picture with a red box: a subject that anybody finds. */
export function boxPicture(
  { width, height }: { width: number; height: number },
  box: Rect,
): ReturnType<typeof sharp> {
  const red = { r: 200, g: 20, b: 20, alpha: 1 };
  const subject = {
    create: { width: box.width, height: box.height, channels: 4 as const, background: red },
  };
  return sharp({ create: { width, height, channels: 4, background: '#ffffff' } }).composite([
    { input: subject, left: box.left, top: box.top },
  ]);
}

export async function rawOf(picture: Uint8Array) {
  const { data, info } = await sharp(picture)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    at: (x: number, y: number) => [
      ...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4),
    ],
  };
}

/** Where a picture can be seen. */
export async function seenBox(picture: Uint8Array): Promise<Rect> {
  const { width, height, at } = await rawOf(picture);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (at(x, y)[3] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** A bitmap, bottom-up, written byte by byte. */
export function bmp24(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => number,
): Buffer {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + rowBytes * height);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 54 + (height - 1 - y) * rowBytes + x * 3;
      file.writeUIntLE(colourAt(x, y), at, 3);
    }
  }
  return file;
}
