import type { Actions, InputLimits, Operation, Unconfirmed } from './operation.ts';

const MB = 1024 * 1024;

/** What the service's page on pictures in general allows; pages of single operations may ask for less. */
export const PICTURE_INPUT = {
  formats: ['jpg', 'png', 'webp', 'bmp', 'gif'],
  maxBytes: 32 * MB,
  maxSide: 50_000,
  maxPixels: 250_000_000,
} as const satisfies InputLimits;

/** Of the operations whose pages take no more than 5 MB. */
export const SMALL_PICTURE_BYTES = 5 * MB;

export const AS_SOURCE: Operation['output'] = { contentType: 'as-source', extensions: [] };

/** What operations on pictures have in common. Each says what is different about it after this. */
export const PICTURE_BASICS = {
  makes: 'picture',
  methods: ['download', 'upload', 'cloud', 'job'],
  rulesPerRequest: { upload: 5, cloud: 5 },
  input: PICTURE_INPUT,
  output: { contentType: 'image/png', extensions: ['png'] },
  passesRole: true,
  billedPer: 'call',
  canFallBack: false,
  unconfirmed: [
    {
      method: 'job',
      what: 'method',
      says: 'The pages show picture jobs with imageMogr2 only. We send the same rule in their place.',
    },
  ],
} as const satisfies Partial<Operation>;

/** That nobody says in which format the result comes. */
export const FORMAT_UNKNOWN: Unconfirmed = {
  method: 'cloud',
  what: 'output',
  says: 'No page says in which format the result is written. We expect that of the source.',
};

/** For operations whose own action stands on no page we know of. */
export const ACTION_UNKNOWN: Unconfirmed = {
  method: 'download',
  what: 'action',
  says: 'No page names the action that rendering needs. Until you grant it yourself, expect 403.',
};

/**
 * Who may ask for a picture operation; `own` is the action that its page asks for at download.
 * A page of 2024 asks for it in every method, and another for the media action in every job.
 */
export function pictureActions(...own: readonly string[]): {
  readonly actions: Actions;
  readonly doubtful: Actions;
} {
  return {
    actions: {
      download: ['cos:GetObject', ...own],
      upload: ['cos:PutObject'],
      cloud: ['cos:GetObject', 'cos:PutObject'],
      job: ['ci:CreatePicProcessJobs'],
    },
    doubtful: { upload: own, cloud: own, job: ['ci:CreateMediaJobs', ...own] },
  };
}
