import { Fault } from '../core/fault.ts';
import { fieldsIn, fieldText, type JobFields } from './job-fields.ts';

const CONTAINER = 'SegmentVideoBody';
const MODES = ['Mask', 'Foreground', 'Combination'] as const;
const SEGMENT_TYPES = ['HumanSeg', 'GreenScreenSeg', 'SolidColorSeg'] as const;

interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** Everything the job can be told, with what was not sent set to what the service takes for it. */
export interface SegmentVideoBody {
  /** The alpha channel, the subject on a plain colour, or the subject on a background of its own. */
  readonly mode: (typeof MODES)[number];
  readonly segmentType: (typeof SEGMENT_TYPES)[number];
  /** What `Foreground` puts behind the subject. */
  readonly background: Colour;
  /** What `Combination` puts behind the subject; it must lie in the bucket of the source. */
  readonly backgroundLogoUrl?: string;
  readonly binaryThreshold: number;
  /** The colour that `SolidColorSeg` takes away. */
  readonly remove: Colour;
}

/** The parameters of a job with this tag. The container may be missing: then all is default. */
export function readSegmentVideoBody(parameters: JobFields): SegmentVideoBody {
  const fields = fieldsIn(parameters, CONTAINER) ?? [];
  const mode = wordIn(fields, 'Mode', MODES);
  const backgroundLogoUrl = fieldText(fields, 'BackgroundLogoUrl');
  if (mode === 'Combination' && backgroundLogoUrl === undefined) {
    throw refused('Mode Combination needs a BackgroundLogoUrl');
  }
  return {
    mode,
    segmentType: wordIn(fields, 'SegmentType', SEGMENT_TYPES),
    background: colourIn(fields, 'Background'),
    ...(backgroundLogoUrl !== undefined && { backgroundLogoUrl }),
    binaryThreshold: byteIn(fields, 'BinaryThreshold'),
    remove: colourIn(fields, 'Remove'),
  };
}

export function writeSegmentVideoBody(job: SegmentVideoBody): JobFields {
  const { background, backgroundLogoUrl, remove } = job;
  return [
    [
      CONTAINER,
      [
        ['Mode', job.mode],
        ['SegmentType', job.segmentType],
        ['BackgroundRed', String(background.red)],
        ['BackgroundGreen', String(background.green)],
        ['BackgroundBlue', String(background.blue)],
        ...(backgroundLogoUrl === undefined
          ? []
          : [['BackgroundLogoUrl', backgroundLogoUrl] as const]),
        ['BinaryThreshold', String(job.binaryThreshold)],
        ['RemoveRed', String(remove.red)],
        ['RemoveGreen', String(remove.green)],
        ['RemoveBlue', String(remove.blue)],
      ],
    ],
  ];
}

/** One of these words; the first of them when none was sent. */
function wordIn<Word extends string>(
  fields: JobFields,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const text = fieldText(fields, name);
  if (text === undefined) return words[0];
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw refused(`${name} is one of ${words.join(', ')}`);
  return word;
}

function colourIn(fields: JobFields, prefix: 'Background' | 'Remove'): Colour {
  return {
    red: byteIn(fields, `${prefix}Red`),
    green: byteIn(fields, `${prefix}Green`),
    blue: byteIn(fields, `${prefix}Blue`),
  };
}

function byteIn(fields: JobFields, name: string): number {
  const text = fieldText(fields, name) ?? '0';
  const byte = /^[0-9]{1,3}$/.test(text) ? Number(text) : 256;
  if (byte > 255) throw refused(`${name} is a whole number from 0 to 255`);
  return byte;
}

function refused(why: string): Fault {
  return new Fault('PARAMETER_INVALID', `${CONTAINER}: ${why}`);
}
