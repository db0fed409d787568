import type { ChainedOperation } from '../../../shared/wire/rule-text.ts';
import type { Made } from './craft.ts';
import type { State } from './pipeline-step.ts';
import { type Opened, picture, pipelineOf } from './read-picture.ts';
import { readPipeline } from './read-pipeline.ts';

/** Runs a chain of imageMogr2 and imageView2, step by step, without loss until the end. */
export async function runPipeline(
  opened: Opened,
  operations: readonly ChainedOperation[],
): Promise<Made> {
  const steps = readPipeline(operations);
  const upright = pipelineOf(opened).toColourspace('srgb').png({ compressionLevel: 1 });
  let state: State = {
    bytes: await upright.toBuffer(),
    size: opened,
    format: opened.format === 'bmp' || opened.format === 'gif' ? 'png' : opened.format,
    quality: undefined,
    gravity: 'northwest',
    interlaced: false,
  };
  for (const step of steps) state = await step(state);
  return encoded(state);
}

async function encoded({ bytes, format, quality, interlaced }: State): Promise<Made> {
  const lossless = picture(bytes);
  const options = quality === undefined ? {} : { quality };
  const contentType = `image/${format}`;
  switch (format) {
    case 'jpeg': {
      const flat = lossless.flatten({ background: '#ffffff' });
      const written = flat.jpeg({ ...options, progressive: interlaced });
      return { bytes: await written.toBuffer(), contentType };
    }
    case 'webp':
      return { bytes: await lossless.webp(options).toBuffer(), contentType };
    case 'gif':
      return { bytes: await lossless.gif().toBuffer(), contentType };
    default:
      return { bytes: await lossless.png({ progressive: interlaced }).toBuffer(), contentType };
  }
}
