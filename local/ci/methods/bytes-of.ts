import { CosError } from '../../cos/errors.ts';
import type { Exchange } from '../../cos/exchange.ts';
import type { ObjectRecord } from '../../cos/storage/object-record.ts';
import { OperationError } from '../operations-port.ts';

export const MAX_PICTURE_BYTES = 32 * 1024 * 1024;

/** The bytes of a stored picture, which is never larger than the service takes. */
export async function pictureBytes(
  { service }: Exchange,
  { bucket, key }: { readonly bucket: string; readonly key: string },
): Promise<{ readonly record: ObjectRecord; readonly bytes: Uint8Array }> {
  const stored = service.storage.objects.get(bucket, key);
  if (!stored) throw new CosError('NoSuchKey');
  const { record } = stored;
  if (record.size > MAX_PICTURE_BYTES) {
    stored.close();
    throw new OperationError('ImageTooLarge', `A picture has at most ${MAX_PICTURE_BYTES} bytes.`);
  }
  const read = stored.read();
  if (Buffer.isBuffer(read)) return { record, bytes: read };
  const chunks: Buffer[] = [];
  for await (const chunk of read) chunks.push(chunk);
  return { record, bytes: Buffer.concat(chunks) };
}
