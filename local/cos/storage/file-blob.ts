import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { Fault } from '../../../shared/core/fault.ts';
import { type OpenBlob, SMALL } from './blobs.ts';
import { diskCode, diskFault } from './disk-fault.ts';
import { sendFile } from './send-file.ts';

const STREAMED_AT_ONCE = 64 * 1024;

/**
 * The first `size` bytes of a file; nothing when it is gone. A small file is read now, a larger one
 * held open, so that its bytes stay whatever becomes of its name.
 */
export function openFileBlob(path: string, size: number): OpenBlob | undefined {
  const fd = opened(path);
  if (fd === undefined) return undefined;
  if (size > SMALL && fstatSync(fd).size >= size) return streamed(path, fd, size);
  try {
    return heldBlob(path, bytesIn(path, fd, size));
  } finally {
    closeSync(fd);
  }
}

/** All of a small file; nothing when it is gone. */
export function readSmallFile(path: string, size: number): Buffer | undefined {
  const fd = opened(path);
  if (fd === undefined) return undefined;
  try {
    return bytesIn(path, fd, size);
  } finally {
    closeSync(fd);
  }
}

/** Bytes that are in memory already. */
export function heldBlob(path: string, bytes: Buffer): OpenBlob {
  return {
    path,
    read: (range) => (range ? bytes.subarray(range.start, range.end + 1) : bytes),
    close() {},
  };
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (thrown) {
    if (diskCode(thrown) === 'ENOENT') return undefined;
    throw diskFault(thrown, path);
  }
}

/** Not from the pool that Node shares among small buffers: who keeps one keeps all of its neighbours. */
function bytesIn(path: string, fd: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Math.min(size, SMALL + 1));
  for (let at = 0; at < size; ) {
    const read = readSync(fd, bytes, at, bytes.length - at, at);
    if (read === 0 || bytes.length < size) throw cutShort(path);
    at += read;
  }
  return bytes;
}

function streamed(path: string, fd: number, size: number): OpenBlob {
  return {
    path,
    read: (range = { start: 0, end: size - 1 }) => {
      const stream = createReadStream(path, { fd, ...range, highWaterMark: STREAMED_AT_ONCE });
      return Object.assign(stream, {
        sendTo: (out: Writable) => sendFile(fd, range, out).finally(() => stream.destroy()),
      });
    },
    close: () => closeSync(fd),
  };
}

function cutShort(path: string): Fault {
  return new Fault('DATA_FOLDER_UNREADABLE', `${path} is shorter than what was stored in it`, {
    detail: { path },
    hint: 'Something else wrote to the data folder; store the object again.',
  });
}
