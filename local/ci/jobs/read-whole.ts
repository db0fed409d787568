import type { StoredObject } from '../../cos/storage/objects.ts';
import { JobError } from './job-error.ts';

/** All bytes of an object that was opened; it is closed when it has too many. */
export async function readWhole(
  stored: StoredObject,
  maxBytes: number,
  code = 'InvalidArgument',
): Promise<Buffer> {
  const { bucket, key, size } = stored.record;
  if (size > maxBytes) {
    stored.close();
    throw new JobError(
      code,
      `${bucket}/${key} has ${size} bytes, and at most ${maxBytes} are read.`,
    );
  }
  const read = stored.read();
  if (Buffer.isBuffer(read)) return read;
  const chunks: Buffer[] = [];
  for await (const chunk of read) chunks.push(chunk);
  return Buffer.concat(chunks);
}
