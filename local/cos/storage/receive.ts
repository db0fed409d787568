import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Fault } from '../../../shared/core/fault.ts';
import { Crc64 } from '../../../shared/wire/crc64.ts';
import { type Sink, SMALL } from './blobs.ts';
import type { Body, BodyRefusal, Expected } from './objects.ts';

/** Pieces of a stream are collected up to here before they are written. */
const WRITTEN_AT_ONCE = 512 * 1024;

/** Where a body goes. */
export interface Target<Place> {
  /** For a body that is small enough to be kept in one go; otherwise it is begun like any other. */
  readonly keep?: ((bytes: Uint8Array) => Promise<Place>) | undefined;
  readonly begin: () => Promise<readonly [sink: Sink, place: Place]>;
}

export interface Received<Place> {
  readonly place: Place;
  readonly size: number;
  readonly md5: Hash;
  readonly crc64: string;
}

/**
 * Takes a body to its place, whatever its size in the memory of a small one. A body that is not
 * what it was said to be leaves nothing at the place. What is received also goes into `whole`.
 */
export async function receive<Place>(
  body: Body,
  expect: Expected,
  target: Target<Place>,
  whole?: Hash,
): Promise<Received<Place> | { readonly because: BodyRefusal }> {
  const pieces = piecesOf(body);
  try {
    return await receivePieces(pieces, new Meter(expect, whole), target);
  } finally {
    await pieces.return?.();
  }
}

async function receivePieces<Place>(
  pieces: AsyncIterator<Uint8Array>,
  meter: Meter,
  target: Target<Place>,
): Promise<Received<Place> | { readonly because: BodyRefusal }> {
  const first: Uint8Array[] = [];
  let next = await read(pieces);
  while (next instanceof Uint8Array && target.keep && meter.size + next.length <= SMALL) {
    const because = meter.take(next);
    if (because) return { because };
    first.push(next);
    next = await read(pieces);
  }
  if (next === 'incomplete') return { because: next };
  if (next === 'end' && target.keep) {
    const because = meter.end();
    if (because) return { because };
    const [only] = first;
    return meter.received(
      await target.keep(first.length === 1 && only ? only : Buffer.concat(first)),
    );
  }

  const [sink, place] = await target.begin();
  try {
    const because = await pour(first, next, pieces, sink, meter);
    if (because) {
      await sink.abandon();
      return { because };
    }
    await sink.finish();
    return meter.received(place);
  } catch (thrown) {
    await sink.abandon();
    throw thrown;
  }
}

/** One write is under way while the next pieces come in and are counted. */
async function pour(
  first: Uint8Array[],
  begun: Next,
  pieces: AsyncIterator<Uint8Array>,
  sink: Sink,
  meter: Meter,
): Promise<BodyRefusal | undefined> {
  let waiting = first;
  let bytes = meter.size;
  let writing: Promise<void> = Promise.resolve();
  try {
    for (let next = begun; next !== 'end'; next = await read(pieces)) {
      const because = next === 'incomplete' ? next : meter.take(next);
      if (because) return because;
      if (!(next instanceof Uint8Array)) continue;
      waiting.push(next);
      bytes += next.length;
      if (bytes < WRITTEN_AT_ONCE) continue;
      await writing;
      writing = sink.write(waiting);
      writing.catch(() => undefined); // it is waited for before anything else happens to the sink
      waiting = [];
      bytes = 0;
    }
    const because = meter.end();
    if (because) return because;
    await writing;
    if (waiting.length > 0) await sink.write(waiting);
    return undefined;
  } finally {
    await writing.catch(() => undefined);
  }
}

/** Counts and sums up a body while it passes. */
class Meter {
  readonly #expect: Expected;
  readonly #whole: Hash | undefined;
  readonly #md5 = createHash('md5');
  readonly #crc64 = new Crc64();
  readonly #most: number;
  size = 0;

  constructor(expect: Expected, whole: Hash | undefined) {
    this.#expect = expect;
    this.#whole = whole;
    this.#most = Math.min(expect.maxSize ?? Infinity, expect.size ?? Infinity);
  }

  take(piece: Uint8Array): BodyRefusal | undefined {
    this.size += piece.length;
    if (this.size > this.#most) return 'too-large';
    this.#md5.update(piece);
    this.#whole?.update(piece);
    this.#crc64.update(piece);
    return undefined;
  }

  end(): BodyRefusal | undefined {
    const { size, minSize, md5 } = this.#expect;
    if (size !== undefined && this.size < size) return 'incomplete';
    if (minSize !== undefined && this.size < minSize) return 'too-small';
    if (md5 !== undefined && this.#md5.copy().digest('hex') !== md5.toLowerCase()) {
      return 'md5-differs';
    }
    return undefined;
  }

  received<Place>(place: Place): Received<Place> {
    return { place, size: this.size, md5: this.#md5, crc64: this.#crc64.digest() };
  }
}

type Next = Uint8Array | 'end' | 'incomplete';

/** A source that breaks off is a client that went away; what it has to say itself is a fault. */
async function read(pieces: AsyncIterator<Uint8Array>): Promise<Next> {
  try {
    const { value, done } = await pieces.next();
    return done ? 'end' : value;
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    return 'incomplete';
  }
}

/** The connection of a refused body is still needed for the answer, so its stream is not destroyed. */
function piecesOf(body: Body): AsyncIterator<Uint8Array> {
  if (body instanceof Uint8Array) return slices(body);
  if (body instanceof Readable) return body.iterator({ destroyOnReturn: false });
  return body[Symbol.asyncIterator]();
}

/** Large bytes are cut up, so that other requests get their turn in between. */
async function* slices(bytes: Uint8Array): AsyncIterableIterator<Uint8Array> {
  if (bytes.length <= SMALL) yield bytes;
  else for (let at = 0; at < bytes.length; at += SMALL) yield bytes.subarray(at, at + SMALL);
}
