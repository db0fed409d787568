import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCredentials } from '../../shared/config/credentials.ts';
import { SETTINGS, type SettingName } from '../../shared/config/setting-names.ts';
import { placesOf, readSettings } from '../../shared/config/settings.ts';
import { Fault } from '../../shared/core/fault.ts';

const sha256 = createHash('sha256').update('a key').digest('hex');

const LEAST = {
  DARKROOM_BUCKETS: 'studio-1300001234@ap-guangzhou',
  DARKROOM_STATE: 'studio-1300001234/darkroom',
};

function settingsIn(env: Record<string, string>) {
  const read = readSettings(env);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.settings;
}

function problemsIn(env: Record<string, string>): string[] {
  const read = readSettings(env);
  return read.ok
    ? []
    : read.problems.map(({ message, hint }) => `${message}${hint ? ` (${hint})` : ''}`);
}

test('all settings are read from the environment', () => {
  expect(
    settingsIn({
      DARKROOM_BUCKETS: ' studio-1300001234@ap-guangzhou , photos-1300001234@ap-shanghai',
      DARKROOM_OUTPUT_BUCKETS: 'shop-1300001234@ap-guangzhou',
      DARKROOM_STATE: 'records-1300001234@ap-guangzhou/darkroom',
      DARKROOM_ENDPOINT: 'http://127.0.0.1:9000/',
      DARKROOM_CALLBACK_URL: 'https://1300001234-a1b2c3d4e5.ap-guangzhou.tencentscf.com',
      DARKROOM_REPROCESS: 'ap-guangzhou/default/darkroom-prod-reprocess',
      DARKROOM_API_KEYS: `shop:${sha256}, shop:${sha256.toUpperCase()}`,
      DARKROOM_LINK_KEYS: `${'n'.repeat(32)},${'o'.repeat(32)}`,
      DARKROOM_CALLBACK_SECRETS: 'c'.repeat(32),
      DARKROOM_NOTICE_SECRET: 's'.repeat(64),
      TENCENTCLOUD_UIN: '100012345678',
    }),
  ).toEqual({
    appid: '1300001234',
    uin: '100012345678',
    buckets: [
      { bucket: 'studio-1300001234', region: 'ap-guangzhou' },
      { bucket: 'photos-1300001234', region: 'ap-shanghai' },
    ],
    outputBuckets: [{ bucket: 'shop-1300001234', region: 'ap-guangzhou' }],
    state: { bucket: 'records-1300001234', region: 'ap-guangzhou', prefix: 'darkroom/' },
    endpoint: 'http://127.0.0.1:9000',
    callbackUrl: 'https://1300001234-a1b2c3d4e5.ap-guangzhou.tencentscf.com',
    reprocess: {
      region: 'ap-guangzhou',
      namespace: 'default',
      name: 'darkroom-prod-reprocess',
    },
    apiKeys: [
      { caller: 'shop', sha256 },
      { caller: 'shop', sha256 },
    ],
    linkKeys: ['n'.repeat(32), 'o'.repeat(32)],
    callbackSecrets: ['c'.repeat(32)],
    noticeSecret: 's'.repeat(64),
  });
});

test('the least settings are enough, and say which account and buckets the rules are for', () => {
  expect(placesOf(settingsIn(LEAST))).toEqual({
    appid: '1300001234',
    sources: [{ bucket: 'studio-1300001234', region: 'ap-guangzhou' }],
    outputs: [],
    state: { bucket: 'studio-1300001234', region: 'ap-guangzhou', prefix: 'darkroom/' },
  });
});

test('every problem is said at once, with a misspelt name recognised', () => {
  expect(
    problemsIn({
      DARKROOM_BUCKET: 'studio-1300001234@ap-guangzhou',
      DARKROOM_ENDPOINT: 'localhost:9000',
      DARKROOM_LINK_KEYS: 'short',
    }),
  ).toEqual([
    'DARKROOM_BUCKETS is not set (Was DARKROOM_BUCKET meant to be it?)',
    expect.stringMatching(/^DARKROOM_STATE is not set \(Where the records are kept/),
    'DARKROOM_ENDPOINT is no address that begins with https:// or http://',
    'DARKROOM_LINK_KEYS has an entry, number 1, of fewer than 32 characters (Make one with: openssl rand -hex 32)',
  ]);
});

test.for<[SettingName, string, RegExp]>([
  ['DARKROOM_BUCKETS', 'studio@ap-guangzhou', /"studio@ap-guangzhou", which is no bucket/],
  ['DARKROOM_BUCKETS', 'studio-1300001234', /which is no bucket/],
  ['DARKROOM_BUCKETS', 'studio-1300001234@ap-guangzhou@x', /which is no bucket/],
  ['DARKROOM_BUCKETS', 'a-1300001234@ap-guangzhou,', /names "", which is no bucket/],
  ['DARKROOM_BUCKETS', 'a-1300001234@ap-guangzhou, a-1300001234@ap-beijing', /twice/],
  [
    'DARKROOM_BUCKETS',
    'a-1300001234@ap-guangzhou, b-1300009999@ap-guangzhou',
    /not of the account 1300001234/,
  ],
  ['DARKROOM_OUTPUT_BUCKETS', 'shop-1300009999@ap-guangzhou', /not of the account 1300001234/],
  ['DARKROOM_STATE', 'studio-1300001234', /shares a bucket and has no prefix/],
  ['DARKROOM_STATE', 'studio-1300001234@ap-guangzhou', /shares a bucket and has no prefix/],
  [
    'DARKROOM_STATE',
    'studio-1300001234@ap-beijing/x',
    /in ap-beijing, while it is in ap-guangzhou/,
  ],
  ['DARKROOM_STATE', 'records-1300001234/darkroom', /which is no bucket/],
  ['DARKROOM_STATE', 'records-1300009999@ap-guangzhou/x', /not of the account/],
  ['DARKROOM_STATE', 'studio-1300001234//x', /has the prefix "\/x"/],
  ['DARKROOM_REPROCESS', 'darkroom-prod-reprocess', /is no function/],
  ['DARKROOM_ENDPOINT', 'ftp://engine', /no address/],
  ['DARKROOM_ENDPOINT', 'http://key:secret@engine', /holds a user name or password/],
  ['DARKROOM_CALLBACK_URL', 'https://example.com/?token=1', /has a query/],
  [
    'DARKROOM_API_KEYS',
    'shop:hunter2',
    /entry, number 1, that is not a name, a colon and a SHA-256/,
  ],
  ['DARKROOM_API_KEYS', `shop:${sha256},${sha256}`, /number 2/],
  ['DARKROOM_LINK_KEYS', `${'a'.repeat(32)},${'b'.repeat(32)},${'c'.repeat(32)}`, /3 entries; two/],
  ['DARKROOM_NOTICE_SECRET', `${'a'.repeat(32)},${'b'.repeat(32)}`, /2 entries; one/],
])('%s: "%s" is a problem', ([setting, value, message]) => {
  expect(problemsIn({ ...LEAST, [setting]: value })).toEqual([expect.stringMatching(message)]);
});

test('the example of each setting is right, unless it is a secret described in words', () => {
  const env = Object.fromEntries(
    Object.entries(SETTINGS)
      .filter(([name, { example }]) => name === 'DARKROOM_API_KEYS' || !/characters/.test(example))
      .map(([name, { example }]) => [name, example]),
  );
  expect(Object.keys(env)).toHaveLength(7);
  expect(problemsIn(env)).toEqual([]);
});

describe('secrets', () => {
  const secrets = Object.entries(SETTINGS).flatMap(([name, setting]) =>
    'secret' in setting ? [name] : [],
  );

  test('never stand in a problem, whatever is wrong with them', () => {
    expect(secrets).toHaveLength(4);
    fc.assert(
      fc.property(
        fc.constantFrom(...secrets),
        fc.array(
          fc.string({ unit: fc.constantFrom(...'qxjz:,7%$'), minLength: 6, maxLength: 40 }),
          { minLength: 1, maxLength: 4 },
        ),
        (setting, parts) => {
          const text = problemsIn({ ...LEAST, [setting]: parts.join(',') }).join(' ');
          for (const part of parts.join(',').split(/[:,]/)) {
            if (part.length >= 3) expect(text).not.toContain(part);
          }
        },
      ),
    );
  });
});

describe('the keys of the role', () => {
  test('are read from the environment, with their token', () => {
    const env = {
      TENCENTCLOUD_SECRETID: 'id',
      TENCENTCLOUD_SECRETKEY: 'key',
      TENCENTCLOUD_SESSIONTOKEN: 'token',
    };
    expect(readCredentials(env)).toEqual({ secretId: 'id', secretKey: 'key', token: 'token' });
    expect(readCredentials({ ...env, TENCENTCLOUD_SESSIONTOKEN: '' })).toEqual({
      secretId: 'id',
      secretKey: 'key',
    });
  });

  test('are missed by name', () => {
    expect(() => readCredentials({ TENCENTCLOUD_SECRETID: 'id' })).toThrow(
      expect.objectContaining({
        code: 'SETTINGS_INVALID',
        message: 'TENCENTCLOUD_SECRETKEY is not set',
      }),
    );
    expect(() => readCredentials({})).toThrow(Fault);
  });
});
