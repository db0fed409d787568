import { join } from 'node:path';
import sharp from 'sharp';
import type { Pixels } from '../../../local/vision/pixels.ts';

const FIXTURES = join('test', 'fixtures', 'vision');

/** A picture of test/fixtures/vision: tests and benches are started at the root. */
export async function decoded(name: string): Promise<Pixels> {
  const { data, info } = await sharp(join(FIXTURES, name))
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** A black and white picture of test/fixtures/vision as a mask. */
export async function decodedMask(name: string): Promise<Uint8Array> {
  const { data } = await decoded(name);
  return Uint8Array.from({ length: data.length / 4 }, (_, at) =>
    (data[at * 4] ?? 0) > 127 ? 255 : 0,
  );
}
