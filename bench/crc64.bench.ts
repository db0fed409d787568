import { createHash, randomBytes } from 'node:crypto';
import { Crc64, combineCrc64 } from '../shared/wire/crc64.ts';

export const title =
  'CRC-64/XZ of a 64 MB stream in chunks of 64 KB, beside the MD5 every object needs too';

const CHUNK = 64 * 1024;
const ROUNDS = 7;

export async function run(print: (line: string) => void): Promise<void> {
  const body = randomBytes(64 * 1024 * 1024);
  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(speed(body, new Crc64()));
    peer.push(speed(body, createHash('md5')));
  }
  print(`Darkroom CRC-64  ${median(ours).toFixed(0)} MB/s`);
  print(`Node MD5         ${median(peer).toFixed(0)} MB/s`);
  print(`ratio            ${(median(ours) / median(peer)).toFixed(2)}x`);

  const started = performance.now();
  let whole = '0';
  for (let part = 0; part < 10_000; part++) whole = combineCrc64(whole, '9876543210', 5_000_000);
  print(`10,000 parts     combined in ${(performance.now() - started).toFixed(0)} ms`);
}

function speed(body: Uint8Array, hash: { update(chunk: Uint8Array): unknown }): number {
  const started = performance.now();
  for (let at = 0; at < body.length; at += CHUNK) hash.update(body.subarray(at, at + CHUNK));
  return body.length / 1000 / (performance.now() - started);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
