import { open } from 'node:fs/promises';
import { defined } from '../../../shared/wire/defined.ts';
import type { MediaInfo } from '../../../shared/wire/media-info.ts';
import { type Mp4Audio, type Mp4Video, readMp4Info } from './mp4-info.ts';

/** Codecs by the four characters a file has for them. */
const CODECS: Readonly<Record<string, readonly [name: string, longName: string]>> = {
  av01: ['av1', 'Alliance for Open Media AV1'],
  avc1: ['h264', 'H.264 / AVC / MPEG-4 AVC / MPEG-4 part 10'],
  avc3: ['h264', 'H.264 / AVC / MPEG-4 AVC / MPEG-4 part 10'],
  hev1: ['hevc', 'H.265 / HEVC (High Efficiency Video Coding)'],
  hvc1: ['hevc', 'H.265 / HEVC (High Efficiency Video Coding)'],
  mp4a: ['aac', 'AAC (Advanced Audio Coding)'],
  mp4v: ['mpeg4', 'MPEG-4 part 2'],
  vp09: ['vp9', 'Google VP9'],
  Opus: ['opus', 'Opus (Opus Interactive Audio Codec)'],
};

const PROFILES: Readonly<Record<number, string>> = {
  66: 'Baseline',
  77: 'Main',
  88: 'Extended',
  100: 'High',
  110: 'High 10',
  122: 'High 4:2:2',
};

const LAYOUTS: Readonly<Record<number, string>> = { 1: 'mono', 2: 'stereo', 6: '5.1' };

/**
 * What is known of a video file, as text. Bit rates are bits a second, as the sample of the
 * SegmentVideoBody callback has them; what the file does not say is left out.
 */
export async function mediaInfoOf(path: string): Promise<MediaInfo> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const info = await readMp4Info(file);
    if (!info) return { format: { Size: String(size) }, video: [], audio: [], subtitles: [] };
    const { duration, video, audio } = info;
    return {
      format: defined({
        Bitrate: rate(size, duration),
        Duration: seconds(duration),
        FormatLongName: 'QuickTime / MOV',
        FormatName: 'mov,mp4,m4a,3gp,3g2,mj2',
        NumProgram: '0',
        NumStream: String(video.length + audio.length),
        Size: String(size),
        StartTime: '0',
      }),
      video: video.map(videoTexts),
      audio: audio.map(audioTexts),
      subtitles: [],
    };
  } finally {
    await file.close();
  }
}

function streamTexts(stream: Mp4Video | Mp4Audio) {
  const { index, codec, timescale, duration, bytes, language } = stream;
  const [name, longName] = (Object.hasOwn(CODECS, codec) && CODECS[codec]) || [];
  const printable = /^[\x20-\x7e]{4}$/.test(codec);
  return {
    Index: String(index),
    CodecName: name,
    CodecLongName: longName,
    CodecTagString: printable ? codec : undefined,
    CodecTag: printable ? tagOf(codec) : undefined,
    Timebase: `1/${timescale}`,
    StartTime: '0',
    Duration: seconds(duration),
    Bitrate: bytes === undefined ? undefined : rate(bytes, duration),
    Language: language,
  };
}

function videoTexts(video: Mp4Video) {
  const { width, height, samples, duration, rotation, profile, level } = video;
  const fps = samples > 0 && duration > 0 ? (samples / duration).toFixed(3) : undefined;
  return defined({
    ...streamTexts(video),
    Width: String(width),
    Height: String(height),
    Fps: fps,
    AvgFps: fps,
    NumFrames: samples > 0 ? String(samples) : undefined,
    Rotation: String(rotation),
    Profile: profile === undefined ? undefined : PROFILES[profile],
    Level: level === undefined ? undefined : String(level),
  });
}

function audioTexts(audio: Mp4Audio) {
  const { channels, sampleRate } = audio;
  return defined({
    ...streamTexts(audio),
    Channel: String(channels),
    ChannelLayout: LAYOUTS[channels],
    SampleRate: String(sampleRate),
  });
}

/** The four characters as a number, the first of them lowest. */
function tagOf(codec: string): string {
  return `0x${Buffer.from(codec, 'latin1').readUInt32LE(0).toString(16).padStart(8, '0')}`;
}

function rate(bytes: number, duration: number): string | undefined {
  return duration > 0 ? String(Math.round((bytes * 8) / duration)) : undefined;
}

function seconds(duration: number): string {
  return String(Math.round(duration * 1000) / 1000);
}
