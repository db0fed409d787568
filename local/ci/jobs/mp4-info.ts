import type { FileHandle } from 'node:fs/promises';
import { type Box, boxAt, boxesIn, boxHeader } from './mp4-boxes.ts';

/** What a stream of an MP4 file says of itself. Times are in seconds. */
interface Mp4Stream {
  readonly index: number;
  /** Four characters such as `avc1`. */
  readonly codec: string;
  readonly timescale: number;
  readonly duration: number;
  readonly language: string | undefined;
  readonly samples: number;
  /** Bytes of all its samples, where the file says so. */
  readonly bytes: number | undefined;
}

export interface Mp4Video extends Mp4Stream {
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise. */
  readonly rotation: number;
  /** Of H.264: profile and level as their numbers. */
  readonly profile: number | undefined;
  readonly level: number | undefined;
}

export interface Mp4Audio extends Mp4Stream {
  readonly channels: number;
  readonly sampleRate: number;
}

export interface Mp4Info {
  readonly duration: number;
  readonly video: readonly Mp4Video[];
  readonly audio: readonly Mp4Audio[];
}

/** The description of a film of hours has a few megabytes. */
const MOST_MOOV = 64 * 1024 * 1024;
const MOST_TOP_BOXES = 10_000;

/** What an MP4 file is, from its `moov` alone; nothing when it is no MP4 file. */
export async function readMp4Info(file: FileHandle): Promise<Mp4Info | undefined> {
  const { size } = await file.stat();
  const start = Buffer.alloc(16);
  let at = 0;
  for (let count = 0; count < MOST_TOP_BOXES && at < size; count++) {
    const { bytesRead } = await file.read(start, 0, start.length, at);
    const box = boxHeader(start.subarray(0, bytesRead), size - at);
    if (!box) return undefined;
    if (box.type === 'moov') {
      const length = box.size - box.header;
      if (length > MOST_MOOV) return undefined;
      const moov = Buffer.alloc(length);
      const read = await file.read(moov, 0, length, at + box.header);
      return infoIn(moov.subarray(0, read.bytesRead));
    }
    at += box.size;
  }
  return undefined;
}

function infoIn(moov: Buffer): Mp4Info | undefined {
  try {
    const header = boxAt(moov, 'mvhd');
    if (!header) return undefined;
    const video: Mp4Video[] = [];
    const audio: Mp4Audio[] = [];
    const tracks = boxesIn(moov).filter(({ type }) => type === 'trak');
    for (const [index, { content }] of tracks.entries()) {
      const handler = boxAt(content, 'mdia', 'hdlr')?.toString('latin1', 8, 12);
      if (handler === 'vide') video.push(videoIn(content, index));
      if (handler === 'soun') audio.push(audioIn(content, index));
    }
    return { duration: timesIn(header).duration, video, audio };
  } catch (thrown) {
    // A box that is shorter than what it should hold: the file is none we know.
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

function videoIn(track: Buffer, index: number): Mp4Video {
  const entry = sampleEntry(track);
  const avc = boxAt(entry.content.subarray(78), 'avcC');
  return {
    ...streamIn(track, index, entry.type),
    width: entry.content.readUInt16BE(24),
    height: entry.content.readUInt16BE(26),
    rotation: rotationIn(track),
    profile: avc?.readUInt8(1),
    level: avc?.readUInt8(3),
  };
}

function audioIn(track: Buffer, index: number): Mp4Audio {
  const { type, content } = sampleEntry(track);
  const stream = streamIn(track, index, type);
  // Sixteen bits do not hold the rate of some recordings; the time scale is the same number.
  const sampleRate = content.readUInt32BE(24) >>> 16 || stream.timescale;
  return { ...stream, channels: content.readUInt16BE(16), sampleRate };
}

function streamIn(track: Buffer, index: number, codec: string): Mp4Stream {
  const header = mustHave(track, 'mdia', 'mdhd');
  const { timescale, duration, after } = timesIn(header);
  const table = mustHave(track, 'mdia', 'minf', 'stbl');
  const sizes = boxAt(table, 'stsz');
  const language = languageOf(header.readUInt16BE(after));
  const samples = sizes?.readUInt32BE(8) ?? 0;
  return { index, codec, timescale, duration, language, samples, bytes: sizes && bytesOf(sizes) };
}

/** `mvhd` and `mdhd` begin alike: with times of 32 or of 64 bits. */
function timesIn(header: Buffer) {
  const long = header.readUInt8(0) === 1;
  const timescale = header.readUInt32BE(long ? 20 : 12);
  const ticks = long ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  const duration = timescale === 0 ? 0 : ticks / timescale;
  return { timescale, duration, after: long ? 32 : 20 };
}

function sampleEntry(track: Buffer): Box {
  const descriptions = mustHave(track, 'mdia', 'minf', 'stbl', 'stsd');
  const [entry] = boxesIn(descriptions.subarray(8));
  if (!entry) throw new RangeError('A track without a sample description');
  return entry;
}

/** One size for all samples, or one for each. */
function bytesOf(sizes: Buffer): number {
  const each = sizes.readUInt32BE(4);
  const count = sizes.readUInt32BE(8);
  if (each > 0) return each * count;
  let bytes = 0;
  for (let at = 12; at < 12 + 4 * count; at += 4) bytes += sizes.readUInt32BE(at);
  return bytes;
}

/** Three letters of five bits each. */
function languageOf(packed: number): string | undefined {
  const letters = [packed >> 10, packed >> 5, packed].map((bits) => (bits & 31) + 0x60);
  const language = String.fromCharCode(...letters);
  return /^[a-z]{3}$/.test(language) ? language : undefined;
}

/** From the first column of the matrix that turns the picture. */
function rotationIn(track: Buffer): number {
  const header = mustHave(track, 'tkhd');
  const matrix = header.readUInt8(0) === 1 ? 52 : 40;
  const [a, b] = [header.readInt32BE(matrix), header.readInt32BE(matrix + 4)];
  return (Math.round((Math.atan2(b, a) * 180) / Math.PI) + 360) % 360;
}

function mustHave(content: Buffer, ...path: readonly string[]): Buffer {
  const found = boxAt(content, ...path);
  if (!found) throw new RangeError(`There is no ${path.join('/')}`);
  return found;
}
