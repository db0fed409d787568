import COS from 'cos-nodejs-sdk-v5';
import sharp from 'sharp';
import { BUCKET, type EngineForTests, REGION } from '../../local/engine-for-tests.ts';

/** A picture of something on white. */
export async function photoBytes(): Promise<Buffer> {
  const white = { width: 64, height: 48, channels: 3, background: '#fff' } as const;
  const thing = { create: { width: 24, height: 24, channels: 3, background: '#c22' } } as const;
  return sharp({ create: white })
    .composite([{ input: thing }])
    .jpeg()
    .toBuffer();
}

/** Uploads one, as somebody who does not know Darkroom. */
export async function photo({ client }: EngineForTests, key: string): Promise<void> {
  const Body = await photoBytes();
  await client(COS).putObject({ Bucket: BUCKET, Region: REGION, Key: key, Body });
}
