import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { PutOptions, StoredObject } from '../../../../local/cos/storage/objects.ts';
import type { Storage } from '../../../../local/cos/storage/storage.ts';
import type { Upload } from '../../../../local/cos/storage/uploads.ts';

export const BUCKET = 'images-1250000000';

const MEMORY = '/dev/shm';

/** A folder of its own for a test, and its removal; in memory where that can be, for speed. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'storage-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Bytes that differ from place to place, so that a piece in the wrong place shows. */
export function bytes(size: number, seed = 1): Buffer {
  const result = Buffer.alloc(size);
  let state = seed;
  for (let at = 0; at < size; at++) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    result[at] = state >> 16;
  }
  return result;
}

/** A body that comes in pieces of this size. */
export function pieces(body: Buffer, size: number): Readable {
  const all: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) all.push(body.subarray(at, at + size));
  return Readable.from(all, { objectMode: false });
}

export async function readAll(object: StoredObject | undefined): Promise<Buffer | undefined> {
  return object && collect(object.read());
}

export async function collect(body: Buffer | Readable): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const all: Buffer[] = [];
  for await (const piece of body) all.push(piece);
  return Buffer.concat(all);
}

export async function textAt(storage: Storage, key: string): Promise<string | undefined> {
  return (await readAll(storage.objects.get(BUCKET, key)))?.toString();
}

/** Puts a text and expects it to be stored. */
export async function put(storage: Storage, key: string, text: string, options?: PutOptions) {
  const outcome = await storage.objects.put(BUCKET, key, Buffer.from(text), options);
  if (outcome.status !== 'stored') throw new Error(`${key}: ${outcome.status}`);
  return outcome.record;
}

export async function beginUpload(storage: Storage, key: string): Promise<Upload> {
  const outcome = await storage.uploads.create(BUCKET, key);
  if (outcome.status !== 'created') throw new Error(outcome.status);
  return outcome.upload;
}

export async function putPart(storage: Storage, upload: Upload, number: number, body: Buffer) {
  const outcome = await storage.uploads.put(upload, number, body, { size: body.length });
  if (outcome.status !== 'stored') throw new Error(outcome.status);
  return outcome.part;
}

export function md5(body: Uint8Array): string {
  return createHash('md5').update(body).digest('hex');
}

/** Every file below a folder, as paths relative to it. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** The files that hold bytes of objects or parts. */
export function byteFiles(folder: string): string[] {
  return filesBelow(folder).filter(
    (file) => /^state-[0-9]+\/(objects|uploads)\//.test(file) && !file.includes('objects.jsonl'),
  );
}
