import { randomBytes } from 'node:crypto';

let count = 0;
const process = randomBytes(4).toString('hex');

/** Base64 of `<hex seconds>_<hex>_<hex>_<hex>`, the shape the service's ids have. */
export function newRequestId(nowMs: number): string {
  count = (count + 1) & 0xffffff;
  const seconds = Math.floor(nowMs / 1000).toString(16);
  return Buffer.from(`${seconds}_${process}_${count.toString(16)}_d4a`, 'latin1').toString(
    'base64',
  );
}
