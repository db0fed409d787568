import { read } from 'node:fs';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import type { ByteRange } from './objects.ts';

const readInto = promisify(read);

const BUFFER_BYTES = 256 * 1024;
const MOST_SPARE = 16;
const spare: Buffer[] = [];

/**
 * Sends bytes of a file, and says whether all of them went out. They go through two buffers that are
 * used again and again: to make new ones takes longer than to read and to send.
 */
export async function sendFile(fd: number, range: ByteRange, out: Writable): Promise<boolean> {
  const buffers = [aBuffer(), aBuffer()] as const;
  let before = Promise.resolve(true);
  let last = before;
  let turn: 0 | 1 = 0;
  for (let at = range.start; at <= range.end; turn = turn === 0 ? 1 : 0) {
    // The buffer of this turn is free when the piece before the last is gone.
    if (!(await before)) return false;
    const buffer = buffers[turn];
    const wanted = Math.min(buffer.length, range.end - at + 1);
    const { bytesRead } = await readInto(fd, buffer, 0, wanted, at);
    if (bytesRead === 0) return false;
    at += bytesRead;
    before = last;
    last = sent(buffer.subarray(0, bytesRead), out, at > range.end);
  }
  if (!(await before) || !(await last)) return false;
  // Not after a failure: nobody knows who still looks at them.
  if (spare.length < MOST_SPARE) spare.push(...buffers);
  return true;
}

function aBuffer(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
}

/** Whether the system took a piece. A connection that is cut takes no more and may not say so. */
function sent(piece: Buffer, out: Writable, isLast: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const cut = () => resolve(false);
    const done = (error?: Error | null) => {
      out.off('close', cut);
      resolve(!error);
    };
    out.once('close', cut);
    if (isLast) out.end(piece, done);
    else out.write(piece, done);
  });
}
