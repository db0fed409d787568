import { expect, test } from 'vitest';
import {
  mediaInfoEntries,
  mediaResultEntries,
  readMediaInfo,
  readMediaResult,
} from '../../shared/wire/media-info.ts';
import { readXml, writeXml } from '../../shared/wire/xml.ts';

const FORMAT =
  'Bitrate Duration FormatLongName FormatName NumProgram NumStream Size StartTime'.split(' ');
const VIDEO =
  'AvgFps Bitrate CodecLongName CodecName CodecTag CodecTagString CodecTimeBase ColorPrimaries ColorRange ColorTransfer Dar Duration FieldOrder Fps HasBFrame Height Index Language Level NumFrames PixFormat Profile RefFrames Rotation Sar StartTime Timebase Width'.split(
    ' ',
  );
const AUDIO =
  'Bitrate Channel ChannelLayout CodecLongName CodecName CodecTag CodecTagString CodecTimeBase Duration Index Language SampleFmt SampleRate StartTime Timebase'.split(
    ' ',
  );

const elements = (names: readonly string[]) =>
  names.map((name) => `<${name}>${name} of it</${name}>`).join('');
const texts = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, `${name} of it`]));

test('all that is known of a media file is read, and written again', () => {
  const xml =
    `<MediaInfo><Format>${elements(FORMAT)}</Format><Stream><Video>${elements(VIDEO)}</Video>` +
    `<Video><Index>1</Index></Video><Audio>${elements(AUDIO)}</Audio>` +
    '<Subtitle><Index>3</Index><Language>zh</Language></Subtitle></Stream></MediaInfo>';
  const info = readMediaInfo(readXml(xml));

  expect(info).toStrictEqual({
    format: texts(FORMAT),
    video: [texts(VIDEO), { Index: '1' }],
    audio: [texts(AUDIO)],
    subtitles: [{ Index: '3', Language: 'zh' }],
  });
  expect(readMediaInfo(readXml(writeXml('MediaInfo', mediaInfoEntries(info))))).toStrictEqual(info);
});

test('empty elements stand for parts that are not there', () => {
  const xml = '<MediaInfo><Format/><Stream><Audio/><Subtitle/><Video/></Stream></MediaInfo>';
  expect(readMediaInfo(readXml(xml))).toStrictEqual({
    format: {},
    video: [],
    audio: [],
    subtitles: [],
  });
});

test('a job says what it wrote, sprites and sums included', () => {
  const xml =
    '<MediaResult><OutputFile><Bucket>a-1</Bucket><Region>ap-x</Region><ObjectName>o1</ObjectName>' +
    '<ObjectName>o2</ObjectName><ObjectPrefix>o</ObjectPrefix><Md5Info><ObjectName>o1</ObjectName>' +
    '<Md5>m1</Md5></Md5Info><SpriteOutputFile><Bucket>a-1</Bucket><Region>ap-x</Region>' +
    '<ObjectName>s1</ObjectName></SpriteOutputFile></OutputFile></MediaResult>';
  const result = readMediaResult(readXml(xml));

  expect(result).toStrictEqual({
    bucket: 'a-1',
    region: 'ap-x',
    objectNames: ['o1', 'o2'],
    objectPrefix: 'o',
    md5s: [{ objectName: 'o1', md5: 'm1' }],
    sprites: { bucket: 'a-1', region: 'ap-x', objectNames: ['s1'], md5s: [] },
  });
  expect(result && writeXml('MediaResult', mediaResultEntries(result))).toContain(xml);
});
