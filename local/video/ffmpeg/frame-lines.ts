import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** What ffmpeg's `framecrc` says of a stream before its packets. */
export interface StreamLine {
  readonly timebase: readonly [numerator: number, denominator: number];
  readonly media: string;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly aspect: readonly [numerator: number, denominator: number];
}

/** A packet, by the number of its stream. Times are in the time base of the stream. */
export interface PacketLine {
  readonly stream: number;
  readonly time: number | undefined;
  readonly duration: number;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

const UNKNOWN: StreamLine = {
  ...{ timebase: [1, 1000], media: '', codec: '', width: 0, height: 0, aspect: [0, 1] },
};

/** Reads the lines of `framecrc` as they come. `streams` is filled before the first packet. */
export async function* framesTold(
  from: Readable,
  streams: Map<number, StreamLine>,
): AsyncGenerator<PacketLine> {
  const lines = createInterface({ input: from });
  // It only hears a stream that ends, and not one that is destroyed.
  from.once('close', () => lines.close());
  for await (const line of lines) {
    if (line.startsWith('#')) {
      noteHeader(line, streams);
      continue;
    }
    const [stream, , time, duration] = line.split(',').map(Number);
    if (stream === undefined) continue;
    const known = time !== undefined && Number.isSafeInteger(time);
    yield { stream, time: known ? time : undefined, duration: duration || 0 };
  }
}

function noteHeader(line: string, streams: Map<number, StreamLine>): void {
  const [, name = '', number = '', text = ''] = /^#(\w+) (\d+): +(.*)$/.exec(line) ?? [];
  const stream: Mutable<StreamLine> = { ...(streams.get(Number(number)) ?? UNKNOWN) };
  const [first = 0, second = 0] = text.split(/[x/]/).map(Number);
  if (name === 'tb') stream.timebase = [first, second];
  else if (name === 'sar') stream.aspect = [first, second];
  else if (name === 'media_type') stream.media = text;
  else if (name === 'codec_id') stream.codec = text;
  else if (name === 'dimensions') Object.assign(stream, { width: first, height: second });
  else return;
  streams.set(Number(number), stream);
}
