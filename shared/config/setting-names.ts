interface Setting {
  readonly means: string;
  readonly example: string;
  readonly required?: true;
  /** Its value never stands in a message or a log. */
  readonly secret?: true;
}

/** Every environment variable that Darkroom itself reads. */
export const SETTINGS = {
  DARKROOM_BUCKETS: {
    means: 'The source buckets, each with its region.',
    example: 'studio-1300001234@ap-guangzhou, photos-1300001234@ap-shanghai',
    required: true,
  },
  DARKROOM_OUTPUT_BUCKETS: {
    means: 'Buckets that outputs may be written to besides the sources.',
    example: 'shop-1300001234@ap-guangzhou',
  },
  DARKROOM_STATE: {
    means:
      'Where the records are kept: a bucket, with its region unless it is named above, and a prefix.',
    example: 'records-1300001234@ap-guangzhou/darkroom/',
    required: true,
  },
  DARKROOM_ENDPOINT: {
    means: 'An engine to talk to instead of the service.',
    example: 'http://127.0.0.1:9000',
  },
  DARKROOM_CALLBACK_URL: {
    means: 'The address of on-callback. Without it, only the timer learns that a job has ended.',
    example: 'https://1300001234-a1b2c3d4e5.ap-guangzhou.tencentscf.com',
  },
  DARKROOM_REPROCESS: {
    means:
      'The function reprocess, by region, namespace and name: it carries out stored runs at once. Without it, they wait for the timer.',
    example: 'ap-guangzhou/default/darkroom-prod-reprocess',
  },
  DARKROOM_API_KEYS: {
    means: 'Who may call: a name of http.callers, and the SHA-256 of its key in hex.',
    example: 'shop:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    secret: true,
  },
  DARKROOM_LINK_KEYS: {
    means:
      'Keys that sign links and upload tickets: the first signs, the second is still believed.',
    example: 'the new key, the old key; 32 characters or more each',
    secret: true,
  },
  DARKROOM_CALLBACK_SECRETS: {
    means: 'What the tokens in callback addresses are made from; two as above.',
    example: 'the new secret, the old secret; 32 characters or more each',
    secret: true,
  },
  DARKROOM_NOTICE_SECRET: {
    means: 'Signs the notices that are posted, so that their receivers can believe them.',
    example: '32 characters or more',
    secret: true,
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
