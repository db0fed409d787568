/** What the frames of a stream have in common. */
export interface RawStream {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/** Of a second: times are told in these. */
const TICKS = 1_000_000;
const UNKNOWN_SIZE = Buffer.from('01ffffffffffffff', 'hex');

/**
 * Raw frames with their times, in the one container that is simple to write and that ffmpeg reads
 * from a pipe: this is what goes ahead of all frames.
 */
export function matroskaStart({ width, height, framesPerSecond }: RawStream): Buffer {
  const video = [
    element('b0', number(width)),
    element('ba', number(height)),
    element('2eb524', Buffer.from('I420')),
  ];
  const track = [
    element('d7', number(1)),
    element('73c5', number(1)),
    element('83', number(1)),
    element('86', Buffer.from('V_UNCOMPRESSED')),
    element('23e383', number(Math.round(1e9 / framesPerSecond))),
    element('e0', ...video),
  ];
  return Buffer.concat([
    element('1a45dfa3', element('4282', Buffer.from('matroska')), element('4285', number(2))),
    Buffer.from('18538067', 'hex'),
    UNKNOWN_SIZE,
    element('1549a966', element('2ad7b1', number(1e9 / TICKS))),
    element('1654ae6b', element('ae', ...track)),
  ]);
}

/** What goes ahead of a frame of so many bytes that is shown at this second. */
export function matroskaFrame(bytes: number, at: number): Buffer {
  const time = element('e7', number(Math.round(at * TICKS)));
  // Track 1, no time of its own, a key frame.
  const block = Buffer.concat([
    Buffer.from('a3', 'hex'),
    size(4 + bytes),
    Buffer.from([129, 0, 0, 128]),
  ]);
  const cluster = time.length + block.length + bytes;
  return Buffer.concat([Buffer.from('1f43b675', 'hex'), size(cluster), time, block]);
}

function element(id: string, ...content: readonly Buffer[]): Buffer {
  const inside = Buffer.concat(content);
  return Buffer.concat([Buffer.from(id, 'hex'), size(inside.length), inside]);
}

/** Eight bytes for any length: the first says that there are eight. */
function size(length: number): Buffer {
  const bytes = number(length);
  bytes[0] = 1;
  return bytes;
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
