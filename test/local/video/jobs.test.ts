import { readFile, writeFile } from 'node:fs/promises';
import COS from 'cos-nodejs-sdk-v5';
import sharp from 'sharp';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { classicalOperations } from '../../../local/ci/classical.ts';
import { receiver } from '../ci/callbacks/bench-of-callbacks.ts';
import { asked, videoJob } from '../ci/jobs/ci-client.ts';
import { BUCKET, engineForTests, HOST } from '../engine-for-tests.ts';
import { boxBefore, clipsForTests } from './clips-for-tests.ts';

// Videos are work, and machines that test are busy.
vi.setConfig({ testTimeout: 120_000 });

const clips = await clipsForTests();
const { engine, client, stop } = await engineForTests({
  operations: classicalOperations(),
  allowPrivateFetch: true,
});
const cos = client(COS);
const hook = await receiver();
afterAll(async () => {
  hook.close();
  await stop();
  clips.drop();
});

const upload = async (key: string, path: string) =>
  cos.putObject({ Bucket: BUCKET, Region: 'ap-guangzhou', Key: key, Body: await readFile(path) });

/** What a job came to: as its record says, as the callback told, and its output as a file. */
async function job(input: string, segment: string) {
  const more = `<CallBack>${hook.url}</CallBack><CallBackFormat>JSON</CallBackFormat>`;
  const output = `out/${input}.mp4`;
  const submitted = await asked(cos, 'POST /jobs', videoJob({ input, output, segment, more }));
  await engine.jobs.idle();
  await engine.callbacks.idle();
  const { JobId } = submitted.is.JobsDetail;
  const { is } = await asked(cos, `GET /jobs/${JobId}`);
  const told = hook.received
    .flatMap(({ callback }) => callback.jobs)
    .find(({ jobId }) => jobId === JobId);
  const record = is.JobsDetail;
  expect(told).toMatchObject({ state: record.State, code: record.Code });
  if (record.State !== 'Success') return { record, path: '' };
  const where = { Bucket: BUCKET, Region: 'ap-guangzhou', Key: output };
  const path = clips.at('output-of-a-job.mp4');
  await writeFile(path, (await cos.getObject(where)).Body);
  return { record, path };
}

const segment = (more: string, type = 'GreenScreenSeg') =>
  `<SegmentType>${type}</SegmentType>${more}`;
const MASK = segment('<Mode>Mask</Mode>');
const FOREGROUND = segment(
  '<Mode>Foreground</Mode><BackgroundRed>20</BackgroundRed><BackgroundGreen>60</BackgroundGreen>' +
    '<BackgroundBlue>200</BackgroundBlue>',
);
const behind = (key: string) =>
  segment(`<Mode>Combination</Mode><BackgroundLogoUrl>http://${HOST}/${key}</BackgroundLogoUrl>`);

/** A colour of a frame of red, green and blue, at a place. */
const pixel = (frame: Uint8Array = new Uint8Array(), x: number, y: number, width = 96) => {
  const at = 3 * (y * width + x);
  return [...frame.subarray(at, at + 3)];
};
const SOUND = ['-c:a', 'aac', '-shortest'];

await upload('box.mp4', await clips.make('box.mp4', boxBefore('0x20b040'), ...SOUND));

describe('a mode', () => {
  test('Mask is grey and of video range, and without the sound', async () => {
    const { record, path } = await job('box.mp4', MASK);
    expect(record).toMatchObject({ State: 'Success', Progress: '100' });
    const { MediaInfo, MediaResult } = record.Operation;
    expect(MediaInfo.Format).toMatchObject({ NumStream: '1' });
    // With the last frame, or to the beginning of it.
    expect(['1', '0.917']).toContain(MediaInfo.Format.Duration);
    expect(MediaInfo.Stream.Video).toMatchObject({ Width: '96', Height: '64', NumFrames: '12' });
    expect(MediaResult.OutputFile).toMatchObject({ Bucket: BUCKET, ObjectName: 'out/box.mp4.mp4' });
    const { stdout } = await clips.ffmpeg(
      ...['-i', path, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', 'pipe:1'],
    );
    const inside = [...stdout.subarray(0, 96 * 64)];
    expect([Math.min(...inside), Math.max(...inside)].map((y) => Math.round(y / 8))).toEqual([
      2, 29,
    ]);
    const colours = [...stdout.subarray(96 * 64, 96 * 96)];
    for (const colour of colours) expect(Math.abs(colour - 128)).toBeLessThan(3);
  });

  test('Foreground puts the subject before a colour and keeps the sound', async () => {
    const { record, path } = await job('box.mp4', FOREGROUND);
    expect(record.Operation.MediaInfo.Format).toMatchObject({ NumStream: '2' });
    const audio = record.Operation.MediaInfo.Stream.Audio;
    expect(audio).toMatchObject({ CodecName: 'aac' });
    const [frame] = await clips.frames(path, 96, 64, 'rgb24');
    const [red = 0, green = 0, blue = 0] = pixel(frame, 4, 4);
    expect(Math.max(Math.abs(red - 20), Math.abs(green - 60), Math.abs(blue - 200))).toBeLessThan(
      9,
    );
    const [boxRed = 0, boxGreen = 0] = pixel(frame, 32, 32);
    expect(boxRed).toBeGreaterThan(150);
    expect(boxGreen).toBeLessThan(90);
  });

  test('Combination puts it before a picture, which fills the frame evenly', async () => {
    // Three stripes, much too wide: the outer two are cut off.
    const stripes = await sharp({
      create: { width: 60, height: 10, channels: 3, background: '#f00' },
    })
      .composite([
        {
          input: { create: { width: 20, height: 10, channels: 3, background: '#0000ff' } },
          left: 20,
          top: 0,
        },
      ])
      .png()
      .toBuffer();
    await writeFile(clips.at('stripes.png'), stripes);
    await upload('stripes.png', clips.at('stripes.png'));
    const { record, path } = await job('box.mp4', behind('stripes.png'));
    expect(record).toMatchObject({ State: 'Success' });
    const [frame] = await clips.frames(path, 96, 64, 'rgb24');
    for (const [x, y] of [
      [3, 3],
      [92, 60],
    ] as const) {
      const [red = 0, , blue = 0] = pixel(frame, x, y);
      expect(blue).toBeGreaterThan(180);
      expect(red).toBeLessThan(60);
    }
    expect(pixel(frame, 32, 32)[0]).toBeGreaterThan(150);
  });

  test('Combination puts it before a video, which begins again when it ends', async () => {
    const graph = "color=0x303030:s=64x64:r=12:d=0.5,geq=lum='60+20*N':cb=128:cr=128";
    await upload('short.mp4', await clips.make('short.mp4', graph));
    const { record, path } = await job('box.mp4', behind('short.mp4'));
    expect(record).toMatchObject({ State: 'Success' });
    const frames = await clips.frames(path, 96, 64);
    expect(frames).toHaveLength(12);
    const bright = frames.map((frame) => frame[96 * 5 + 5] as number);
    for (let at = 0; at < 6; at++) {
      expect(Math.abs((bright[at] as number) - (bright[at + 6] as number))).toBeLessThan(6);
    }
    expect((bright[5] as number) - (bright[0] as number)).toBeGreaterThan(60);
  });

  test('Combination says what is wrong with its background', async () => {
    await writeFile(clips.at('notes.txt'), 'no picture at all');
    await upload('notes.txt', clips.at('notes.txt'));
    expect((await job('box.mp4', behind('notes.txt'))).record).toMatchObject({
      ...{ State: 'Failed', Code: 'InvalidArgument' },
      Message: expect.stringContaining('neither a picture nor a video'),
    });
    expect((await job('box.mp4', behind('none.png'))).record).toMatchObject({
      ...{ State: 'Failed', Code: 'ResourceNotFound' },
    });
  });
});

describe('what is odd about a video', () => {
  const odd = async (name: string, graph: string, ...args: readonly string[]) => {
    await upload(name, await clips.make(name, graph, ...args));
    return job(name, FOREGROUND);
  };

  test('its rotation is done', async () => {
    await upload('turned.mp4', await clips.make('straight.mp4', boxBefore('0x20b040')));
    await clips.ffmpeg(
      ...['-i', 'straight.mp4', '-c', 'copy', '-metadata:s:v', 'rotate=90', 'turned.mp4'],
    );
    await upload('turned.mp4', clips.at('turned.mp4'));
    const { record, path } = await job('turned.mp4', MASK);
    expect(record.Operation.MediaInfo.Stream.Video).toMatchObject({
      ...{ Width: '64', Height: '96', Rotation: '0' },
    });
    const [mask] = await clips.frames(path, 64, 96);
    expect(mask?.filter((alpha) => alpha > 128).length).toBeGreaterThan(500);
  });

  test('an odd side loses its last line', async () => {
    const graph = `${boxBefore('0x20b040', { size: '98x66' })},crop=97:65:exact=1,format=yuv444p`;
    const args = ['-pix_fmt', 'yuv444p'];
    const { record } = await odd('odd.mp4', graph, ...args);
    expect(record.Operation.MediaInfo.Stream.Video).toMatchObject({ Width: '96', Height: '64' });
  });

  test('frames keep their uneven times', async () => {
    const graph = `${boxBefore('0x20b040')},settb=1/1000,setpts='N*N*7+N*40'`;
    const args = ['-vsync', 'vfr', '-enc_time_base', '1/1000'];
    const { path } = await odd('uneven.mkv', graph, ...args);
    const [wanted, found] = [await clips.times(clips.at('uneven.mkv')), await clips.times(path)];
    expect(found).toHaveLength(12);
    // An ffmpeg before 5.1 ends the file with the beginning of its last frame.
    expect((await clips.frames(path, 96, 64)).length).toBeGreaterThanOrEqual(11);
    expect(new Set(wanted.slice(1).map((at, n) => (at - (wanted[n] ?? 0)).toFixed(3))).size).toBe(
      11,
    );
    for (const [at, time] of found.entries()) expect(time).toBeCloseTo(wanted[at] ?? -1, 3);
  });

  test('ten bits a colour become eight', async () => {
    const args = ['-pix_fmt', 'yuv420p10le', '-profile:v', 'high10'];
    const { record, path } = await odd('ten.mp4', boxBefore('0x20b040'), ...args);
    expect(record.State).toBe('Success');
    const [frame] = await clips.frames(path, 96, 64, 'rgb24');
    expect(pixel(frame, 32, 32)[0]).toBeGreaterThan(150);
    expect(pixel(frame, 4, 4)[2]).toBeGreaterThan(180);
  });

  test('sound that MP4 does not take is encoded, and no sound is no matter', async () => {
    const wave = ['-c:a', 'pcm_s16le'];
    const loud = await odd('loud.mov', boxBefore('0x20b040'), ...wave);
    expect(loud.record.Operation.MediaInfo.Stream.Audio).toMatchObject({ CodecName: 'aac' });
    const still = await odd('still.mp4', boxBefore('0x20b040'));
    expect(still.record.Operation.MediaInfo.Format).toMatchObject({ NumStream: '1' });
  });

  test('sound that begins before the pictures stays with them', async () => {
    const late = await clips.make(
      'late.mp4',
      `${boxBefore('0x20b040')},setpts=PTS+0.5/TB`,
      ...SOUND,
    );
    await upload('late.mp4', late);
    const { path } = await job('late.mp4', FOREGROUND);
    expect((await clips.times(path))[0]).toBeCloseTo((await clips.times(late))[0] ?? -1, 2);
  });

  test('what is cut off goes as far as it can, or fails with a reason', async () => {
    const whole = await readFile(clips.at('box.mp4'));
    await writeFile(clips.at('no-end.mp4'), whole.subarray(0, whole.length * 0.6));
    await upload('no-end.mp4', clips.at('no-end.mp4'));
    const { record } = await job('no-end.mp4', MASK);
    expect(record).toMatchObject({ State: 'Failed', Code: 'InvalidArgument' });
    expect(record.Message).toContain('The video cannot be processed');
    expect(record.Message).not.toContain('/');
    const stream = await clips.make('stream.mkv', boxBefore('0x20b040', { rate: 24 }));
    const bytes = await readFile(stream);
    await writeFile(stream, bytes.subarray(0, bytes.length * 0.7));
    await upload('stream.mkv', stream);
    const part = await job('stream.mkv', MASK);
    expect(part.record.State).toBe('Success');
    const frames = Number(part.record.Operation.MediaInfo.Stream.Video.NumFrames);
    expect(frames).toBeGreaterThan(1);
    expect(frames).toBeLessThan(24);
  });

  test.each([
    ['a text', 'notes.mp4', 'This is no video.\n'.repeat(20)],
    ['nothing', 'empty.mp4', ''],
    ['a playlist', 'list.mp4', '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'],
    ['a list of files', 'concat.mp4', "ffconcat version 1.0\nfile '/etc/passwd'\n"],
  ])('%s that is called a video fails with a reason', async (_, key, text) => {
    await writeFile(clips.at(key), text);
    await upload(key, clips.at(key));
    const { record } = await job(key, MASK);
    expect(record).toMatchObject({ State: 'Failed', Code: 'InvalidArgument' });
    expect(record.Message).toContain('The video cannot be processed');
  });

  test('sound alone, and no frame at all, fail with a reason', async () => {
    await clips.ffmpeg('-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac', 'sound.mp4');
    await upload('sound.mp4', clips.at('sound.mp4'));
    expect((await job('sound.mp4', MASK)).record).toMatchObject({ State: 'Failed' });
    await clips.ffmpeg('-i', 'box.mp4', '-t', '0', '-c:v', 'libx264', 'none.mp4');
    await upload('none.mp4', clips.at('none.mp4'));
    expect((await job('none.mp4', MASK)).record).toMatchObject({ State: 'Failed' });
  });
});
