import { createReadStream, createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readSegmentVideoBody } from '../../../shared/wire/segment-video-body.ts';
import type { StoredObject } from '../../cos/storage/objects.ts';
import type { SegmentParameters } from '../operations-port.ts';
import { openAsRole } from './as-ci-role.ts';
import type { Attempt, CarriedOut } from './carried-out.ts';
import { JobError } from './job-error.ts';
import { mediaInfoOf } from './media-info-of.ts';
import { objectIn } from './object-in.ts';

/** SegmentVideoBody: a file in, a file out, and what is known of the file. */
export async function segmentVideo(attempt: Attempt): Promise<CarriedOut> {
  const { job, host, signal, onProgress } = attempt;
  const { bucket, record } = job;
  const asked = readSegmentVideoBody(record.operation.parameters);
  const { mode, segmentType, background, remove, binaryThreshold, backgroundLogoUrl } = asked;
  const parameters: SegmentParameters = {
    mode,
    segmentType,
    background: [background.red, background.green, background.blue],
    remove: [remove.red, remove.green, remove.blue],
    binaryThreshold,
  };
  const folder = await attempt.folder();
  const take = (name: string, key: string) =>
    fileOf(openAsRole(host, { bucket, key }), join(folder, name + extensionOf(key)), signal);

  const outputPath = join(folder, 'output.mp4');
  const inputPath = await take('input', record.input.object ?? '');
  const backgroundPath =
    mode === 'Combination' && backgroundLogoUrl !== undefined
      ? await take('background', keyOfBackground(bucket, backgroundLogoUrl))
      : undefined;
  await host.ci.operations.video({
    ...{ parameters, inputPath, outputPath, onProgress, signal },
    ...(backgroundPath !== undefined && { backgroundPath }),
  });

  const mediaInfo = await mediaInfoOf(outputPath);
  return {
    body: bytesOf(outputPath),
    contentType: 'video/mp4',
    results({ bucket: outputBucket, key, etag }) {
      const region = record.operation.output?.region;
      const md5s = [{ objectName: key, md5: etag }];
      const files = { bucket: outputBucket, objectNames: [key], md5s };
      return { mediaInfo, mediaResult: { ...files, ...(region !== undefined && { region }) } };
    },
  };
}

/** Opened when it is read, and not before: what opens a file has to read it to close it. */
async function* bytesOf(path: string): AsyncIterable<Uint8Array> {
  yield* createReadStream(path);
}

function keyOfBackground(bucket: string, url: string): string {
  const key = objectIn(bucket, url);
  if (key !== undefined) return key;
  throw new JobError('InvalidArgument', `BackgroundLogoUrl names no object of ${bucket}.`);
}

/** Only what no file system minds, for programs that look at the end of a name. */
function extensionOf(key: string): string {
  const extension = extname(key);
  return /^\.[A-Za-z0-9]{1,8}$/.test(extension) ? extension : '';
}

async function fileOf(stored: StoredObject, path: string, signal: AbortSignal): Promise<string> {
  const read = stored.read();
  if (Buffer.isBuffer(read)) await writeFile(path, read, { signal });
  else await pipeline(read, createWriteStream(path), { signal });
  return path;
}
