import { defined } from './defined.ts';
import type { XmlEntry } from './xml.ts';
import type { XmlNode } from './xml-node.ts';

const FORMAT = [
  'Bitrate',
  'Duration',
  'FormatLongName',
  'FormatName',
  'NumProgram',
  'NumStream',
  'Size',
  'StartTime',
] as const;

const STREAM = [
  'Bitrate',
  'CodecLongName',
  'CodecName',
  'CodecTag',
  'CodecTagString',
  'CodecTimeBase',
  'Duration',
  'Index',
  'Language',
  'StartTime',
  'Timebase',
] as const;

const VIDEO = [
  ...STREAM,
  'AvgFps',
  'ColorPrimaries',
  'ColorRange',
  'ColorTransfer',
  'Dar',
  'FieldOrder',
  'Fps',
  'HasBFrame',
  'Height',
  'Level',
  'NumFrames',
  'PixFormat',
  'Profile',
  'RefFrames',
  'Rotation',
  'Sar',
  'Width',
] as const;

const AUDIO = [...STREAM, 'Channel', 'ChannelLayout', 'SampleFmt', 'SampleRate'] as const;

const SUBTITLE = ['Index', 'Language'] as const;

type Texts<Name extends string> = Readonly<Partial<Record<Name, string>>>;

/**
 * What a media file is, in the service's own names. All of it stays text: one operation tells a
 * bitrate in bits a second and another in thousands with six decimals.
 */
export interface MediaInfo {
  readonly format: Texts<(typeof FORMAT)[number]>;
  readonly video: readonly Texts<(typeof VIDEO)[number]>[];
  readonly audio: readonly Texts<(typeof AUDIO)[number]>[];
  readonly subtitles: readonly Texts<(typeof SUBTITLE)[number]>[];
}

/** Where a job wrote. */
export interface MediaFiles {
  readonly bucket?: string;
  readonly region?: string;
  readonly objectNames: readonly string[];
  readonly objectPrefix?: string;
  readonly md5s: readonly { readonly objectName: string; readonly md5: string }[];
}

export interface MediaResult extends MediaFiles {
  /** Pictures put together into one, where an operation makes them. */
  readonly sprites?: MediaFiles;
}

export function readMediaInfo(node: XmlNode): MediaInfo {
  const format = node.child('Format');
  const streams = node.child('Stream');
  return {
    format: format ? readTexts(format, FORMAT) : {},
    video: readStreams(streams, 'Video', VIDEO),
    audio: readStreams(streams, 'Audio', AUDIO),
    subtitles: readStreams(streams, 'Subtitle', SUBTITLE),
  };
}

/** Parts that are not known yet are there and empty, as the service has them. */
export function mediaInfoEntries(info: MediaInfo): readonly XmlEntry[] {
  return [
    ['Format', textEntries(info.format, FORMAT)],
    [
      'Stream',
      [
        ...info.video.map((video) => ['Video', textEntries(video, VIDEO)] as const),
        ...info.audio.map((audio) => ['Audio', textEntries(audio, AUDIO)] as const),
        ...info.subtitles.map((text) => ['Subtitle', textEntries(text, SUBTITLE)] as const),
      ],
    ],
  ];
}

export function readMediaResult(node: XmlNode): MediaResult | undefined {
  const output = node.child('OutputFile');
  if (!output) return undefined;
  const sprites = output.child('SpriteOutputFile');
  return defined({ ...readFiles(output), sprites: sprites && readFiles(sprites) });
}

export function mediaResultEntries(result: MediaResult): readonly XmlEntry[] {
  const sprites = result.sprites && fileEntries(result.sprites);
  return [['OutputFile', [...fileEntries(result), ['SpriteOutputFile', sprites]]]];
}

function readFiles(node: XmlNode): MediaFiles {
  return defined({
    bucket: node.text('Bucket'),
    region: node.text('Region'),
    objectNames: node
      .children('ObjectName')
      .map(({ value }) => value)
      .filter((name) => name !== ''),
    objectPrefix: node.text('ObjectPrefix'),
    md5s: node
      .children('Md5Info')
      .filter(({ elements }) => elements.length > 0)
      .map((md5) => ({ objectName: md5.text('ObjectName') ?? '', md5: md5.text('Md5') ?? '' })),
  });
}

function fileEntries(files: MediaFiles): readonly XmlEntry[] {
  return [
    ['Bucket', files.bucket],
    ['Region', files.region],
    ...files.objectNames.map((name) => ['ObjectName', name] as const),
    ['ObjectPrefix', files.objectPrefix],
    ...files.md5s.map(
      ({ objectName, md5 }) =>
        [
          'Md5Info',
          [
            ['ObjectName', objectName],
            ['Md5', md5],
          ],
        ] as const,
    ),
  ];
}

/** An empty element stands for no stream, not for a stream of which nothing is known. */
function readStreams<Name extends string>(
  node: XmlNode | undefined,
  kind: string,
  names: readonly Name[],
): readonly Texts<Name>[] {
  return (node?.children(kind) ?? [])
    .filter(({ elements }) => elements.length > 0)
    .map((stream) => readTexts(stream, names));
}

function readTexts<Name extends string>(node: XmlNode, names: readonly Name[]): Texts<Name> {
  const texts: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const text = node.text(name);
    if (text !== undefined && text !== '') texts[name] = text;
  }
  return texts;
}

function textEntries<Name extends string>(
  texts: Texts<Name>,
  names: readonly Name[],
): readonly XmlEntry[] {
  return names.map((name) => [name, texts[name]]);
}
