import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { mediaInfoOf } from '../../../../local/ci/jobs/media-info-of.ts';
import { box, mp4, words } from './mp4-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'media-info-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function infoOf(bytes: Buffer) {
  const path = join(folder, 'film.mp4');
  writeFileSync(path, bytes);
  return mediaInfoOf(path);
}

/** A film that says of its pictures that there are so many. */
function withSamples(count: number): Buffer {
  const bytes = mp4();
  bytes.writeUInt32BE(count, bytes.indexOf('stsz') + 12);
  return bytes;
}

const VIDEO = {
  ...{ Index: '0', CodecName: 'h264', CodecTagString: 'avc1', CodecTag: '0x31637661' },
  CodecLongName: 'H.264 / AVC / MPEG-4 AVC / MPEG-4 part 10',
  ...{ Timebase: '1/12800', StartTime: '0', Duration: '2', Bitrate: '200000', Language: 'eng' },
  ...{ Width: '640', Height: '360', Fps: '25.000', AvgFps: '25.000', NumFrames: '50' },
  ...{ Rotation: '0', Profile: 'High', Level: '31' },
};
const AUDIO = {
  ...{ Index: '1', CodecName: 'aac', CodecTagString: 'mp4a', CodecTag: '0x6134706d' },
  CodecLongName: 'AAC (Advanced Audio Coding)',
  ...{ Timebase: '1/44100', StartTime: '0', Duration: '2', Bitrate: '129456', Language: 'eng' },
  ...{ Channel: '2', ChannelLayout: 'stereo', SampleRate: '44100' },
};

test.for([true, false])(
  'a film is known by its description, before its frames: %s',
  async (movieFirst) => {
    const bytes = mp4({ movieFirst });
    expect(await infoOf(bytes)).toEqual({
      format: {
        ...{ Bitrate: String(bytes.length * 4), Duration: '2', NumStream: '2', NumProgram: '0' },
        ...{ Size: String(bytes.length), StartTime: '0', FormatLongName: 'QuickTime / MOV' },
        FormatName: 'mov,mp4,m4a,3gp,3g2,mj2',
      },
      ...{ video: [VIDEO], audio: [AUDIO], subtitles: [] },
    });
  },
);

test('a film that was held upright says how it is turned', async () => {
  const { video } = await infoOf(mp4({ rotated: true }));
  expect(video).toMatchObject([{ Rotation: '90', Width: '640' }]);
});

test.for([
  ['is empty', Buffer.alloc(0)],
  ['is a text', Buffer.from('no film at all')],
  ['is cut off in its description', mp4().subarray(0, 300)],
  ['has boxes of no size', Buffer.alloc(4096, box('free'))],
  ['has a box that is larger than all of it', box('moov').fill(255, 0, 4)],
  ['has a header that is too short', box('moov', box('mvhd', words(0)))],
  [
    'has a track without a description',
    box(
      'moov',
      box('mvhd', words(0, 0, 0, 1, 1)),
      box('trak', box('mdia', box('hdlr', words(0, 0), Buffer.from('vide')))),
    ),
  ],
  ['counts more samples than there are', withSamples(0xffffffff)],
] as const)('a file that %s is told of by its size alone', async ([, bytes]) => {
  const { format, video } = await infoOf(bytes);
  expect(format.Size).toBe(String(bytes.length));
  expect(video).toEqual([]);
});

test('a file of millions of empty boxes is not looked at for long', async () => {
  const boxes = Buffer.alloc(8 * 1024 * 1024);
  for (let at = 0; at < boxes.length; at += 8) boxes.writeUInt32BE(8, at);
  expect((await infoOf(boxes)).video).toEqual([]);
  expect((await infoOf(box('moov', boxes))).video).toEqual([]);
}, 5000);
