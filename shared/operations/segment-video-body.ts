import type { JobBody } from './call.ts';
import { defineOperation, type Values } from './define-operation.ts';
import { placeOf } from './fill-call.ts';
import type { Parameter } from './parameter.ts';

const MODES = { mask: 'Mask', foreground: 'Foreground', combination: 'Combination' } as const;

const SEGMENTS = {
  human: 'HumanSeg',
  'green-screen': 'GreenScreenSeg',
  'solid-colour': 'SolidColorSeg',
} as const;

const PARAMETERS = {
  mode: {
    kind: 'choice',
    of: ['mask', 'foreground', 'combination'],
    or: 'mask',
    says: 'What to write: the cut-out as a black-and-white mask, the subject on one colour, or the subject before a background of your own.',
  },
  segment: {
    kind: 'choice',
    of: ['human', 'green-screen', 'solid-colour'],
    or: 'human',
    says: 'What to cut out: people, or whatever stands before a green screen or before one colour.',
  },
  backgroundColour: {
    kind: 'colour',
    says: 'Behind the subject in mode foreground; black unless said.',
  },
  background: {
    kind: 'object',
    says: 'The picture or video behind the subject in mode combination, in the bucket of the source.',
  },
  threshold: {
    kind: 'whole',
    min: 0,
    max: 255,
    or: 0,
    says: 'Moves the edge of what is cut out.',
  },
  removedColour: {
    kind: 'colour',
    says: 'The colour to take away for segment solid-colour; black unless said.',
  },
} as const satisfies Readonly<Record<string, Parameter>>;

type Settings = Values<typeof PARAMETERS>;

export const segmentVideoBody = defineOperation({
  name: 'segment-video-body',
  summary: 'Cuts people, or what stands before a screen, out of a video',
  wireName: 'SegmentVideoBody',
  makes: 'video',
  methods: ['job'],
  rulesPerRequest: { upload: 0, cloud: 0 },
  input: { formats: [] },
  output: { contentType: 'video/mp4', extensions: ['mp4'] },
  actions: { job: ['ci:CreateBodyJointsDetectJob'] },
  // Its own page names only the action above; the pages on jobs in general name this one.
  doubtful: { job: ['ci:CreateMediaJobs'] },
  passesRole: true,
  unconfirmed: [
    {
      method: 'job',
      what: 'limit',
      says: 'No page says which formats, sizes and lengths of video are taken, or what becomes of the sound.',
    },
  ],
  billedPer: 'minute',
  canFallBack: false,
  parameters: PARAMETERS,
  problemOf,
  encode: (settings) => ({ body: [['SegmentVideoBody', bodyOf(settings)]] }),
});

function problemOf(settings: Settings): string | undefined {
  const { mode, segment, background, backgroundColour, removedColour } = settings;
  if (mode === 'combination' && background === undefined) {
    return 'Mode combination needs a background';
  }
  if (mode !== 'combination' && background !== undefined) {
    return `A background is for mode combination, not for ${mode}`;
  }
  if (mode !== 'foreground' && backgroundColour !== undefined) {
    return `A backgroundColour is for mode foreground, not for ${mode}`;
  }
  if (segment !== 'solid-colour' && removedColour !== undefined) {
    return `A removedColour is for segment solid-colour, not for ${segment}`;
  }
  return undefined;
}

function bodyOf(settings: Settings): JobBody {
  const { mode, segment, background, backgroundColour, threshold, removedColour } = settings;
  return [
    ['Mode', MODES[mode]],
    ['SegmentType', SEGMENTS[segment]],
    ...colourNodes('Background', backgroundColour),
    ...(background === undefined ? [] : [['BackgroundLogoUrl', placeOf('background')] as const]),
    ['BinaryThreshold', String(threshold)],
    ...colourNodes('Remove', removedColour),
  ];
}

/** One colour of ours is three numbers of the service's. */
function colourNodes(name: 'Background' | 'Remove', colour: string | undefined): JobBody {
  if (colour === undefined) return [];
  return ['Red', 'Green', 'Blue'].map((part, index) => {
    const from = 1 + 2 * index;
    return [`${name}${part}`, String(Number.parseInt(colour.slice(from, from + 2), 16))];
  });
}
