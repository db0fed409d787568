/** A box of an MP4 file around what is given. */
export function box(type: string, ...inside: readonly (Buffer | readonly number[])[]): Buffer {
  const content = Buffer.concat(inside.map((part) => Buffer.from(part)));
  const header = Buffer.alloc(8);
  header.writeUInt32BE(content.length + 8, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, content]);
}

/** Numbers of 32 bits. */
export function words(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number >>> 0, index * 4);
  return bytes;
}

const ONE = 0x10000;
const ENGLISH = 0x15c7;

function track(
  handler: string,
  [a, b]: readonly [number, number],
  media: readonly Buffer[],
): Buffer {
  const matrix = words(a, b, 0, -b, a, 0, 0, 0, 0x40000000);
  const header = box(
    'tkhd',
    words(0, 0, 0, 1, 0, 2000, 0, 0, 0, 0),
    matrix,
    words(640 << 16, 360 << 16),
  );
  const kind = box('hdlr', words(0, 0), Buffer.from(handler, 'latin1'), words(0, 0, 0));
  const [time = Buffer.alloc(0), ...tables] = media;
  return box('trak', header, box('mdia', time, kind, box('minf', box('stbl', ...tables))));
}

function mdhd(timescale: number, duration: number): Buffer {
  return box('mdhd', words(0, 0, 0, timescale, duration, ENGLISH << 16));
}

/** An MP4 file of two seconds: 640 x 360 at 25 frames, stereo sound, nothing that can be seen. */
export function mp4({ rotated = false, movieFirst = true } = {}): Buffer {
  const avcC = box('avcC', [1, 100, 0, 31, 255]);
  const videoEntry = Buffer.alloc(78);
  videoEntry.writeUInt16BE(640, 24);
  videoEntry.writeUInt16BE(360, 26);
  const audioEntry = Buffer.alloc(28);
  audioEntry.writeUInt16BE(2, 16);
  audioEntry.writeUInt32BE(44100 * 65536, 24);
  const sizes = Array.from({ length: 50 }, () => 1000);
  const video = track('vide', rotated ? [0, ONE] : [ONE, 0], [
    mdhd(12800, 25600),
    box('stsd', words(0, 1), box('avc1', videoEntry, avcC)),
    box('stsz', words(0, 0, sizes.length, ...sizes)),
  ]);
  const audio = track(
    'soun',
    [ONE, 0],
    [
      mdhd(44100, 88200),
      box('stsd', words(0, 1), box('mp4a', audioEntry)),
      box('stsz', words(0, 372, 87)),
    ],
  );
  const moov = box('moov', box('mvhd', words(0, 0, 0, 1000, 2000)), video, audio);
  const mdat = box('mdat', Buffer.alloc(500));
  const type = box('ftyp', Buffer.from('isom', 'latin1'), words(512));
  return Buffer.concat(movieFirst ? [type, moov, mdat] : [type, mdat, moov]);
}
